/** The traffic that a rule is about: it comes to a port, or leaves it. */
export type Direction = 'ingress' | 'egress';
export type Ethertype = 'IPv4' | 'IPv6';

/**
 * The other side of the traffic: a block of addresses, or the ports of a group's members, whose addresses change. A group
 * of another project names that.
 */
export type Remote = { readonly cidr: string } | { readonly groupId: string; readonly projectId?: string };

/** What a security group lets pass. Traffic that no rule of a port's groups names is dropped; answers pass always. */
export interface SecurityRule {
  readonly ruleId: string;
  /** Nova's integer id, for rules that its API shows. */
  readonly number?: number;
  readonly direction: Direction;
  readonly ethertype: Ethertype;
  /** A name or a number (IANA), as it was asked for; null: any. */
  readonly protocol: string | null;
  /** First and last port, or type and code of ICMP; null: any. */
  readonly from: number | null;
  readonly to: number | null;
  /** Null: anybody. */
  readonly remote: Remote | null;
  readonly description?: string;
}

/** Whether two rules let the same pass. */
export const sameRule = (one: SecurityRule, other: SecurityRule): boolean => essence(one) === essence(other);

function essence({ direction, ethertype, protocol, from, to, remote }: SecurityRule): string {
  const other = remote === null ? '' : 'cidr' in remote ? remote.cidr : remote.groupId;
  return [direction, ethertype, protocol?.toLowerCase() ?? '', from ?? '', to ?? '', other].join(' ');
}

/** The group that a rule speaks of, if it is one of the same project. */
export const remoteGroup = ({ remote }: SecurityRule): string | undefined =>
  remote !== null && 'groupId' in remote && remote.projectId === undefined ? remote.groupId : undefined;

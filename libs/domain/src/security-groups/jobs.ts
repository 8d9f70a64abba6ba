import type { SecurityRule } from './rule';

/** The payload of each kind of job that a project's groups give to hosts. Part of the host protocol. */
export interface SecurityJobs {
  /** Filter the ports of the project's servers by these groups. What is not named here is not there any more. */
  readonly 'apply-security': HostSecurity;
}

/** All that a host must know of the groups of one project. */
export interface HostSecurity {
  /** The version of the stream that this shows. */
  readonly version: number;
  readonly groups: readonly {
    readonly groupId: string;
    readonly rules: readonly HostRule[];
  }[];
  /** The addresses of the members of each group that a rule speaks of. */
  readonly members: readonly { readonly groupId: string; readonly addresses: readonly string[] }[];
  /** Servers whose groups are not those of their launch. */
  readonly changed: readonly ({ readonly instanceId: string } & PortGuard)[];
}

/** The groups that a host filters a server's ports by. */
export interface PortGuard {
  readonly groups: readonly string[];
  /** Of two guards of a server the one with the greater revision holds. */
  readonly revision: number;
  readonly unfiltered?: true;
}

/** What a host must know of a rule. */
export interface HostRule extends Pick<SecurityRule, 'direction' | 'ethertype' | 'protocol' | 'from' | 'to'> {
  /** A group stands in `members`. */
  readonly remote: { readonly cidr: string } | { readonly groupId: string } | null;
}

export const SECURITY_JOBS: readonly (keyof SecurityJobs)[] = ['apply-security'];

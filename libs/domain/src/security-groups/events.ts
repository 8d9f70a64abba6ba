import type { HostNotUpdated, HostVersion } from '../kernel/host-copies';
import type { SecurityRule } from './rule';

/** What a tenant says of a group. */
export interface SecurityGroupRecord {
  readonly groupId: string;
  readonly projectId: string;
  /** Nova's integer id. */
  readonly number: number;
  readonly name: string;
  readonly description: string;
  /** The group of servers that name none. Absent: another one. */
  readonly isDefault?: true;
}

/** A network interface as groups see it. */
export interface MemberPort {
  readonly portId: string;
  readonly addresses: readonly string[];
}

/** A server in the groups of its project, with all that hosts must know of it. */
export interface Membership {
  readonly groups: readonly string[];
  /** How often the server's groups have changed since its launch. */
  readonly revision: number;
  /** Nothing is filtered, whatever its groups say: a server of a release without groups. Absent: false. */
  readonly unfiltered?: true;
  readonly ports: readonly MemberPort[];
  /** Where its guest runs or may run. */
  readonly hosts: readonly string[];
}

export interface Member extends Membership {
  readonly instanceId: string;
  readonly projectId: string;
  /** Grows with each change that the server tells. */
  readonly version: number;
}

export type SecurityGroupEvent =
  | {
      readonly type: 'security-group.created.v1';
      readonly data: SecurityGroupRecord & { readonly rules: readonly SecurityRule[] };
    }
  | {
      readonly type: 'security-group.updated.v1';
      readonly data: { readonly groupId: string; readonly name: string; readonly description: string };
    }
  | {
      readonly type: 'security-group.deleted.v1';
      readonly data: { readonly groupId: string; readonly projectId: string; readonly ruleIds: readonly string[] };
    }
  | {
      readonly type: 'security-group.rule-added.v1';
      readonly data: { readonly groupId: string; readonly projectId: string; readonly rule: SecurityRule };
    }
  | {
      readonly type: 'security-group.rule-removed.v1';
      readonly data: { readonly groupId: string; readonly projectId: string; readonly ruleId: string };
    }
  | { readonly type: 'security-group.member-set.v1'; readonly data: Member }
  | {
      readonly type: 'security-group.member-left.v1';
      readonly data: { readonly instanceId: string; readonly version: number };
    }
  | { readonly type: 'security-group.host-updated.v1'; readonly data: HostVersion }
  | { readonly type: 'security-group.host-not-updated.v1'; readonly data: HostNotUpdated };

import type { HostCopy } from '../kernel/host-copies';
import { Table } from '../kernel/table';
import type { Member, SecurityGroupRecord } from './events';
import { remoteGroup, type SecurityRule } from './rule';

export type GroupRule = SecurityRule & { readonly groupId: string };

/** What the project has on one host, and which version of its rules the host has. */
export interface HostShare extends HostCopy {
  /** How many members there are in each group, and under '' those in no group. Groups without any are left out. */
  readonly uses: Readonly<Record<string, number>>;
}

/** All security groups of one project: their names are unique in it, and their number is limited. */
export interface SecurityGroups {
  readonly projectId: string;
  readonly groups: Table<SecurityGroupRecord>;
  readonly rules: Table<GroupRule>;
  /** By server. */
  readonly members: Table<Member>;
  /** Those of the servers that left last, by the version of that: they never return, and what comes late is ignored. */
  readonly left: Table<number>;
  readonly hosts: Table<HostShare>;
  /** Grows with each change that a host may have to know. */
  readonly version: number;
}

export const noGroups: SecurityGroups = {
  projectId: '',
  groups: Table.empty(),
  rules: Table.empty(),
  members: Table.empty(),
  left: Table.empty(),
  hosts: Table.empty(),
  version: 0,
};

export const groupNamed = ({ groups }: SecurityGroups, name: string): SecurityGroupRecord | undefined =>
  [...groups.values()].find((group) => group.name === name);

export const defaultGroup = ({ groups }: SecurityGroups): SecurityGroupRecord | undefined =>
  [...groups.values()].find(({ isDefault }) => isDefault === true);

export const rulesOf = ({ rules }: SecurityGroups, groupId: string): readonly GroupRule[] =>
  [...rules.values()].filter((rule) => rule.groupId === groupId);

/** Rules that let members of one of these groups through. */
export const rulesAbout = ({ rules }: SecurityGroups, groups: ReadonlySet<string>): readonly GroupRule[] =>
  [...rules.values()].filter((rule) => groups.has(remoteGroup(rule) ?? ''));

export const membersOf = ({ members }: SecurityGroups, groupId: string): readonly Member[] =>
  [...members.values()].filter(({ groups }) => groups.includes(groupId));

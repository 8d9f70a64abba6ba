import type { JobEffect } from '../kernel/effect';
import { copyJobs } from '../kernel/host-copies';
import type { HostRule, HostSecurity } from './jobs';
import type { GroupRule, SecurityGroups } from './state';
import { membersOf, rulesOf } from './state';
import { remoteGroup } from './rule';

export const dueShares = (state: SecurityGroups): readonly JobEffect[] =>
  copyJobs(state.hosts, {
    kind: 'apply-security',
    resource: { category: 'securitygroups', id: state.projectId },
    payload: ({ hostId }): HostSecurity => hostSecurity(state, hostId),
    onDone: ({ hostId }, facts) => ({
      type: 'RecordHostUpdated',
      data: { hostId, version: (facts as { readonly version: number }).version },
    }),
  });

/** What a host must know of the project's groups now. */
export function hostSecurity(state: SecurityGroups, hostId: string): HostSecurity {
  const { hosts, members, version } = state;
  const groups = Object.keys(hosts.get(hostId)?.uses ?? {})
    .filter((id) => state.groups.has(id))
    .sort();
  const rules = groups.map((groupId) => ({ groupId, rules: rulesOf(state, groupId) }));
  const spokenOf = new Set(rules.flatMap((group) => group.rules.map((rule) => remoteGroup(rule) ?? '')));
  spokenOf.delete('');
  const changed = [...members.values()].filter((one) => one.revision > 0 && one.hosts.includes(hostId));
  return {
    version,
    groups: rules.map(({ groupId, rules: all }) => ({ groupId, rules: [...all].sort(byId).map(hostRule) })),
    members: [...spokenOf].sort().map((groupId) => ({
      groupId,
      addresses: [
        ...new Set(membersOf(state, groupId).flatMap(({ ports }) => ports.flatMap(({ addresses }) => addresses))),
      ].sort(),
    })),
    changed: changed
      .map(({ instanceId, groups: of, revision, unfiltered }) => ({
        ...{ instanceId, groups: of, revision },
        ...(unfiltered === undefined ? {} : { unfiltered }),
      }))
      .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1)),
  };
}

const byId = (a: GroupRule, b: GroupRule): number => (a.ruleId < b.ruleId ? -1 : 1);

const hostRule = ({ direction, ethertype, protocol, from, to, remote }: GroupRule): HostRule => ({
  ...{ direction, ethertype, protocol, from, to },
  remote: remote !== null && 'groupId' in remote ? { groupId: remote.groupId } : remote,
});

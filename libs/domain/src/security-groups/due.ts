import { deriveId } from '../ids';
import type { JobEffect } from '../kernel/effect';
import type { HostRule, HostSecurity } from './jobs';
import type { GroupRule, HostShare, SecurityGroups } from './state';
import { membersOf, rulesOf } from './state';
import { remoteGroup } from './rule';

/**
 * One job at a time for each host that does not have the newest version. What it carries is looked up when it is sent, so
 * that changes in quick succession reach a host together; the host says which version it got.
 */
export const dueShares = (state: SecurityGroups): readonly JobEffect[] =>
  [...state.hosts.values()].filter(({ wanted, applied }) => wanted > applied).map((share) => applyTo(share, state));

function applyTo({ hostId, applied, tries, retryAt, wanted }: HostShare, state: SecurityGroups): JobEffect {
  return {
    kind: 'job',
    id: deriveId(state.projectId, 'apply-security', hostId, applied, tries),
    hostId,
    job: {
      kind: 'apply-security',
      resource: { category: 'securitygroups', id: state.projectId },
      generation: wanted,
      get payload(): HostSecurity {
        return hostSecurity(state, hostId); // a host's share of a large project is made only for the job that is sent
      },
    },
    ...(retryAt === null ? {} : { notBefore: retryAt }),
    onDone: (facts) => ({
      type: 'RecordHostUpdated',
      data: { hostId, version: (facts as { readonly version: number }).version },
    }),
    onRefused: ({ code, message }) => ({
      type: 'RecordHostNotUpdated',
      data: { hostId, applied, tries, version: wanted, code, message },
    }),
  };
}

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

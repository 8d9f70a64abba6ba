import { newCopy, outdated } from '../kernel/host-copies';
import type { Member } from './events';
import { type HostShare, rulesAbout, type SecurityGroups } from './state';

/** Folds a server's change of place or groups: counts what each host uses, and marks the hosts that must be told. */
export function withMember(state: SecurityGroups, instanceId: string, after: Member | undefined): SecurityGroups {
  const before = state.members.get(instanceId);
  const members = after === undefined ? state.members.delete(instanceId) : state.members.set(instanceId, after);
  const version = state.version + 1;
  const counted = { ...state, members, version };
  const { shares, changed } = recounted(counted, before, after);
  return marked({ ...counted, hosts: shares }, [...changed, ...hostsUsing(counted, referrers(state, before, after))]);
}

/** Marks hosts whose rules have changed. */
export const marked = (state: SecurityGroups, hostIds: readonly string[]): SecurityGroups => ({
  ...state,
  hosts: outdated(state.hosts, hostIds, state.version),
});

/** The hosts with members in one of these groups. */
export const hostsUsing = ({ hosts }: SecurityGroups, groups: ReadonlySet<string>): readonly string[] =>
  groups.size === 0
    ? []
    : [...hosts.values()]
        .filter(({ uses }) => Object.keys(uses).some((id) => groups.has(id)))
        .map(({ hostId }) => hostId);

/** The groups whose rules speak of a group in which the server's addresses come or go. */
function referrers(state: SecurityGroups, before: Member | undefined, after: Member | undefined): ReadonlySet<string> {
  const same = addressesOf(before).join() === addressesOf(after).join();
  const [old = [], now = []] = [before?.groups, after?.groups];
  const touched = same
    ? [...old.filter((id) => !now.includes(id)), ...now.filter((id) => !old.includes(id))]
    : [...old, ...now];
  if (touched.length === 0) return new Set();
  return new Set(rulesAbout(state, new Set(touched)).map(({ groupId }) => groupId));
}

const addressesOf = (member: Member | undefined): readonly string[] =>
  (member?.ports ?? []).flatMap(({ addresses }) => addresses);

/**
 * A host must know the groups that its ports use, and of each server there whose groups are not those of its launch: those
 * came with the guest.
 */
function recounted(
  { hosts, version }: SecurityGroups,
  before: Member | undefined,
  after: Member | undefined,
): { readonly shares: SecurityGroups['hosts']; readonly changed: readonly string[] } {
  let shares = hosts;
  const changed: string[] = [];
  for (const hostId of new Set([...(before?.hosts ?? []), ...(after?.hosts ?? [])])) {
    const known = shares.get(hostId) ?? { ...newCopy(hostId, version - 1), uses: {} };
    const [was, is] = [at(before, hostId), at(after, hostId)];
    const uses = recount(recount(known.uses, usedBy(was), -1), usedBy(is), 1);
    shares = shares.set(hostId, { ...known, uses });
    if (groupsUsed(uses) !== groupsUsed(known.uses)) changed.push(hostId);
    if (override(was) !== override(is)) changed.push(hostId);
  }
  return { shares, changed };
}

/** A server in no group is on its host all the same: what it had there last must go. */
const NO_GROUP = '';
const usedBy = (member: Member | undefined): readonly string[] =>
  member?.groups.length === 0 ? [NO_GROUP] : (member?.groups ?? []);

const groupsUsed = (uses: HostShare['uses']): string =>
  Object.keys(uses)
    .filter((id) => id !== NO_GROUP)
    .sort()
    .join();

const at = (member: Member | undefined, hostId: string): Member | undefined =>
  member?.hosts.includes(hostId) === true ? member : undefined;

const override = (member: Member | undefined): number => member?.revision ?? 0;

function recount(uses: HostShare['uses'], groups: readonly string[], by: 1 | -1): HostShare['uses'] {
  const counts = new Map(Object.entries(uses));
  for (const id of groups) counts.set(id, (counts.get(id) ?? 0) + by);
  return Object.fromEntries([...counts].filter(([, count]) => count > 0));
}

/** Whether the project has anything on the host. */
export const isUsing = ({ uses }: HostShare): boolean => Object.keys(uses).length > 0;

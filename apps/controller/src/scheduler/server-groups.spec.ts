import { hostClaimId, type PlacementRequest, type ServerGroupPolicy, streamRef } from '@cairn/domain';

import { CommandExecutor } from '../runtime/execute';
import { Snapshots } from '../runtime/snapshots';
import { ControllerLab } from '../runtime/testing/controller-lab';
import { idOf, launchOf } from '../runtime/testing/fixtures';
import { Scheduler } from './scheduler';
import { placementOf } from './testing/placements';

const HOSTS = [1, 2, 3].map((n) => idOf('group host', n));
const GROUP = idOf('server group');
const group = streamRef('servergroup', GROUP);

const memberOf = (n: number, over: Partial<PlacementRequest> = {}, attempt = 1): PlacementRequest =>
  placementOf(n, {
    instanceId: idOf('member', n),
    claimId: idOf(`claim of member ${String(attempt)}`, n),
    ramMb: 1_000,
    diskGb: 10,
    member: { groupId: GROUP, attempt },
    ...over,
  });

/** A controller of its own beside others over the same log, whose cache and choices the others do not see. */
function controllerOver({ store, clock }: ControllerLab): Scheduler {
  const snapshots = new Snapshots(store, () => undefined);
  const executor = new CommandExecutor({ store, clock, snapshots, commandHash: (canonical) => canonical });
  return new Scheduler({ hostIds: () => Promise.resolve(HOSTS) }, executor, clock);
}

/** Three hosts and a group; the host with the greater number has more memory, so that all members would choose it. */
async function withGroup(
  policy: ServerGroupPolicy,
  rules: { readonly maxPerHost?: number } = {},
): Promise<{ lab: ControllerLab; scheduler: Scheduler }> {
  const lab = new ControllerLab();
  for (const [i, hostId] of HOSTS.entries()) await lab.withHost(hostId, i + 1, { ramMb: 20_000 * (i + 1) });
  const record = { groupId: GROUP, projectId: idOf('project'), userId: idOf('user'), name: 'web', policy, ...rules };
  await lab.execute(group, { type: 'CreateServerGroup', data: record });
  return { lab, scheduler: controllerOver(lab) };
}

const launched = (lab: ControllerLab, ...numbers: readonly number[]): Promise<unknown> =>
  Promise.all(
    numbers.map((n) => {
      const instanceId = idOf('member', n);
      const data = { ...launchOf(), instanceId, serverGroupId: GROUP };
      return lab.execute(streamRef('instance', instanceId), { type: 'LaunchInstance', data });
    }),
  );

const hostIdsOf = (places: readonly { hostId: string }[]): readonly string[] => places.map(({ hostId }) => hostId);

describe('the scheduler places the members of a server group', () => {
  it('with anti-affinity each on a host of its own, and none where no host is left [guide 50]', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity');
    await launched(lab, 1, 2, 3, 4);
    const places: { hostId: string }[] = [];
    for (const n of [1, 2, 3]) places.push(await scheduler.place(memberOf(n)));
    expect(new Set(hostIdsOf(places))).toEqual(new Set(HOSTS));
    await expect(scheduler.place(memberOf(4))).rejects.toMatchObject({
      code: 'scheduler.no-valid-host',
      details: { filter: 'ServerGroupAntiAffinityFilter' },
    });
  });

  it('with anti-affinity and a rule as many on a host as that allows', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity', { maxPerHost: 2 });
    await launched(lab, 1, 2, 3, 4, 5, 6, 7);
    const places: { hostId: string }[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) places.push(await scheduler.place(memberOf(n)));
    const counts = Map.groupBy(hostIdsOf(places), (id) => id);
    expect([...counts.values()].map((ids) => ids.length)).toEqual([2, 2, 2]);
    await expect(scheduler.place(memberOf(7))).rejects.toMatchObject({ code: 'scheduler.no-valid-host' });
  });

  it('with affinity all on one host, though another has more memory [guide 50]', async () => {
    const { lab, scheduler } = await withGroup('affinity');
    await launched(lab, 1, 2, 3);
    const first = await scheduler.place(memberOf(1, { excludedHosts: [HOSTS[2] ?? ''] }));
    const others = [await scheduler.place(memberOf(2)), await scheduler.place(memberOf(3))];
    expect(hostIdsOf(others)).toEqual([first.hostId, first.hostId]);
    await expect(scheduler.place(memberOf(4, { excludedHosts: [first.hostId] }))).rejects.toMatchObject({
      details: { filter: 'ServerGroupAffinityFilter' },
    });
  });

  it.each<[ServerGroupPolicy, number]>([
    ['soft-affinity', 1],
    ['soft-anti-affinity', 3],
  ])('with %s as well as can be, and for want of a better host against it', async (policy, hosts) => {
    const { lab, scheduler } = await withGroup(policy);
    await launched(lab, 1, 2, 3, 4);
    const places: { hostId: string }[] = [];
    for (const n of [1, 2, 3]) places.push(await scheduler.place(memberOf(n)));
    expect(new Set(hostIdsOf(places)).size).toBe(hosts);
    const elsewhere = HOSTS.filter((id) => (hosts === 1) !== (id === places[0]?.hostId));
    const excludedHosts = HOSTS.filter((id) => id !== elsewhere[0]);
    expect((await scheduler.place(memberOf(4, { excludedHosts }))).hostId).toBe(elsewhere[0]);
  });

  it.each([
    ['anti-affinity', 3],
    ['affinity', 1],
  ] as const)('with %s also where several controllers place at once', async (policy, hosts) => {
    const { lab } = await withGroup(policy);
    await launched(lab, 1, 2, 3);
    const places = await Promise.all([1, 2, 3].map((n) => controllerOver(lab).place(memberOf(n))));
    expect(new Set(hostIdsOf(places)).size).toBe(hosts);
    const { places: recorded } = await lab.executor.latest(group);
    expect([1, 2, 3].map((n) => recorded.get(idOf('member', n))?.hostId)).toEqual(hostIdsOf(places));
  });

  it('where two controllers placed the same attempt, on the host that was granted first', async () => {
    const { lab, scheduler } = await withGroup('soft-affinity');
    await launched(lab, 1);
    const first = await scheduler.place(memberOf(1));
    const again = await controllerOver(lab).place(memberOf(1, { excludedHosts: [first.hostId] }));
    expect([again.hostId, again.hostName]).toEqual([first.hostId, first.hostName]);
    const next = await scheduler.place(memberOf(1, { excludedHosts: [first.hostId] }, 2));
    expect(next.hostId).not.toBe(first.hostId);
  });

  it('on a host that a member has left', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity');
    await launched(lab, 1, 2);
    const excludedHosts = HOSTS.slice(1);
    const first = await scheduler.place(memberOf(1, { excludedHosts }));
    await expect(scheduler.place(memberOf(2, { excludedHosts }))).rejects.toMatchObject({ kind: 'capacity' });
    const target = streamRef('instance', idOf('member', 1));
    await lab.execute(target, { type: 'DeleteInstance', data: {} });
    for (const { id } of (await lab.executor.state(target)).debts)
      await lab.execute(target, { type: 'RecordReleased', data: { debtId: id } });
    expect(await scheduler.place(memberOf(2, { excludedHosts }))).toEqual(
      expect.objectContaining({ hostId: first.hostId }),
    );
    expect((await lab.executor.latest(group)).places.size).toBe(1);
  });

  it('by where a member rests after a move that came to nothing, not where it was to go', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity');
    await launched(lab, 1, 2, 3);
    const instanceId = idOf('member', 1);
    const target = streamRef('instance', instanceId);
    const only = (host: string | undefined): Partial<PlacementRequest> => ({
      excludedHosts: HOSTS.filter((id) => id !== host),
    });
    const { hostId, hostName } = await scheduler.place(memberOf(1, only(HOSTS[0])));
    await lab.execute(target, { type: 'RecordHostChosen', data: { attempt: 1, hostId, hostName } });
    await lab.execute(target, { type: 'RecordHostClaimed', data: { claimId: hostClaimId(instanceId, 1) } });
    await scheduler.place(memberOf(1, { purpose: 'migrate', ...only(HOSTS[1]) }, 5)); // and it never went there
    await expect(scheduler.place(memberOf(2, only(HOSTS[0])))).resolves.toMatchObject({ hostId: HOSTS[0] });
    const launchedThere = { facts: { power: 'running', timings: {} }, generation: 1, restarted: null } as const;
    await lab.execute(target, { type: 'RecordLaunched', data: launchedThere });
    expect((await lab.executor.state(target)).vmState).toBe('active');
    await expect(scheduler.place(memberOf(3, only(HOSTS[0])))).rejects.toMatchObject({ kind: 'capacity' });
    await expect(scheduler.place(memberOf(3, only(HOSTS[1])))).resolves.toMatchObject({ hostId: HOSTS[1] });
    const { places } = await lab.executor.latest(group);
    expect(places.get(instanceId)?.hostId).toBe(HOSTS[0]);
  });

  it('nowhere against the policy, even where an administrator names the host', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity');
    await launched(lab, 1, 2);
    const { hostName } = await scheduler.place(memberOf(1));
    await expect(scheduler.place(memberOf(2, { forcedHost: hostName }))).rejects.toMatchObject({
      code: 'scheduler.no-valid-host',
    });
  });

  it('anywhere once the group is deleted', async () => {
    const { lab, scheduler } = await withGroup('anti-affinity');
    await launched(lab, 1, 2);
    const excludedHosts = HOSTS.slice(1);
    await scheduler.place(memberOf(1, { excludedHosts }));
    await lab.execute(group, { type: 'DeleteServerGroup', data: {} });
    expect((await scheduler.place(memberOf(2, { excludedHosts }))).hostId).toBe(HOSTS[0]);
  });
});

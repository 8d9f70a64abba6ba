import { type CapacityClaim, instanceRef, type PlacementRequest, streamRef } from '@cairn/domain';

import { ControllerLab } from '../runtime/testing/controller-lab';
import { idOf } from '../runtime/testing/fixtures';
import { Scheduler } from './scheduler';
import { placementOf } from './testing/placements';

const HOSTS = [idOf('host', 1), idOf('host', 2)];

const requestOf = (n: number, over?: Partial<PlacementRequest>): PlacementRequest =>
  placementOf(n, { ramMb: 1_000, diskGb: 10, ...over });

/** Two hosts with room for `ramMb` of memory each, over-commit included. */
async function withHosts(ramMb: number): Promise<{ readonly lab: ControllerLab; readonly scheduler: Scheduler }> {
  const lab = new ControllerLab();
  for (const [i, hostId] of HOSTS.entries()) await lab.withHost(hostId, i + 1, { ramMb: ramMb / 1.5 });
  const roster = { hostIds: () => Promise.resolve(HOSTS) };
  return { lab, scheduler: new Scheduler(roster, lab.executor, lab.clock) };
}

const claim = (
  lab: ControllerLab,
  hostId: string,
  { claimId, instanceId, projectId }: PlacementRequest,
): Promise<unknown> => {
  const data: CapacityClaim & { notAfter: string; forced: boolean } = {
    claimId,
    owner: instanceRef(instanceId),
    projectId,
    amounts: { vcpus: 1, ramMb: 1_000, diskGb: 10 },
    notAfter: '9999',
    forced: false,
  };
  return lab.execute(streamRef('host', hostId), { type: 'ClaimCapacity', data });
};

describe('the scheduler', () => {
  it('counts what it has just chosen, before the claims show', async () => {
    const { scheduler } = await withHosts(1_500);
    const first = await scheduler.place(requestOf(1));
    const second = await scheduler.place(requestOf(2));
    expect([first.hostId, second.hostId].sort()).toEqual([...HOSTS].sort());
    await expect(scheduler.place(requestOf(3))).rejects.toMatchObject({ code: 'scheduler.no-valid-host' });
  });

  it('counts a choice no longer once its claim shows', async () => {
    const { lab, scheduler } = await withHosts(2_000);
    for (const n of [1, 2]) {
      const { hostId } = await scheduler.place(requestOf(n));
      await claim(lab, hostId, requestOf(n));
    }
    for (const n of [3, 4]) expect(HOSTS).toContain((await scheduler.place(requestOf(n))).hostId);
  });

  it('forgets a choice whose launch ended otherwise', async () => {
    const { lab, scheduler } = await withHosts(1_500);
    for (const n of [1, 2]) await scheduler.place(requestOf(n));
    await lab.clock.pass(61_000);
    expect(HOSTS).toContain((await scheduler.place(requestOf(3))).hostId);
  });

  it('counts only the last choice of an instance that is placed again', async () => {
    const { scheduler } = await withHosts(1_500);
    const { hostId } = await scheduler.place(requestOf(1));
    const again = await scheduler.place(requestOf(1, { excludedHosts: [hostId] }));
    expect(again.hostId).not.toBe(hostId);
    expect((await scheduler.place(requestOf(2))).hostId).toBe(hostId);
  });

  it('avoids a host on which a launch has just failed, but not one that a server is moved away from', async () => {
    const { lab } = await withHosts(3_000);
    const large = idOf('large host');
    await lab.withHost(large, 3, { ramMb: 10_000 });
    const roster = { hostIds: () => Promise.resolve([...HOSTS, large]) };
    const next = new Scheduler(roster, lab.executor, lab.clock);
    await next.place(requestOf(1, { purpose: 'migrate', excludedHosts: [large] }));
    expect((await next.place(requestOf(2))).hostId).toBe(large);
    await next.place(requestOf(3, { purpose: 'launch', excludedHosts: [large] }));
    expect((await next.place(requestOf(4))).hostId).not.toBe(large);
  });

  it('leaves out hosts that have not said what they have', async () => {
    const { lab } = await withHosts(1_500);
    const silent = idOf('silent host');
    const data = { hostId: silent, name: 'silent', number: 9, availabilityZone: 'nova' };
    await lab.execute(streamRef('host', silent), { type: 'EnrolHost', data });
    const scheduler = new Scheduler({ hostIds: () => Promise.resolve([silent]) }, lab.executor, lab.clock);
    await expect(scheduler.place(requestOf(1))).rejects.toMatchObject({ code: 'scheduler.no-valid-host' });
  });
});

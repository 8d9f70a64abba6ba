import { HOST_AGGREGATES, type PlacementRequest } from '@cairn/domain';
import { idOf } from '../runtime/testing/fixtures';
import { ControllerLab } from '../runtime/testing/controller-lab';
import { Scheduler } from './scheduler';
import { placementOf } from './testing/placements';

const HOSTS = [1, 2].map((n) => ({ hostId: idOf('host', n), name: `host-${String(n)}`, number: n }));

describe('the scheduler follows host aggregates', () => {
  let lab: ControllerLab;
  let scheduler: Scheduler;

  beforeEach(async () => {
    lab = new ControllerLab();
    for (const { hostId, number } of HOSTS) await lab.withHost(hostId, number);
    const hostIds = HOSTS.map(({ hostId }) => hostId);
    scheduler = new Scheduler({ hostIds: () => Promise.resolve(hostIds) }, lab.executor, lab.clock);
  });

  /** Makes an aggregate of the second host. */
  const group = async (metadata: Readonly<Record<string, string>>): Promise<void> => {
    const data = { uuid: idOf('aggregate'), name: 'a', zone: null };
    await lab.execute(HOST_AGGREGATES, { type: 'CreateHostAggregate', data });
    const { hostId, name } = HOSTS[1] as (typeof HOSTS)[number];
    const host = { hostId, name };
    await lab.execute(HOST_AGGREGATES, { type: 'AddAggregateHost', data: { number: 1, host, servers: 0 } });
    const set = { number: 1, metadata, occupied: false };
    await lab.execute(HOST_AGGREGATES, { type: 'SetHostAggregateMetadata', data: set });
  };
  const namesOf = async (over: Partial<PlacementRequest>): Promise<readonly string[]> => {
    const places = [];
    for (const n of [1, 2, 3, 4]) places.push(await scheduler.place(placementOf(n, over)));
    return [...new Set(places.map(({ hostName }) => hostName))].sort();
  };

  it('into the zone that a launch asks for, and into any if it asks for none', async () => {
    await group({ availability_zone: 'west' });
    expect(await namesOf({ availabilityZone: 'west' })).toEqual(['host-2']);
    expect(await namesOf({ availabilityZone: 'nova' })).toEqual(['host-1']);
    expect(await namesOf({})).toEqual(['host-1', 'host-2']);
  });

  it('to hosts whose aggregates say what a flavor demands', async () => {
    await group({ ssd: 'true,yes', cores: '8' });
    const scoped = { 'aggregate_instance_extra_specs:ssd': 'true', cores: '>= 4', 'hw:cpu_policy': 'shared' };
    expect(await namesOf({ extraSpecs: scoped })).toEqual(['host-2']);
    expect(await namesOf({ extraSpecs: { 'quota:cpu_shares': '1' } })).toEqual(['host-1', 'host-2']);
  });

  it('and keeps hosts for the projects that these name', async () => {
    await group({ filter_tenant_id: 'p1,p2' });
    expect(await namesOf({ projectId: 'p2' })).toEqual(['host-1', 'host-2']);
    expect(await namesOf({ projectId: 'p3' })).toEqual(['host-1']);
  });
});

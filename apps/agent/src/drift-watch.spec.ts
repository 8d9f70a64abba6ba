import type { AgentEvent } from '@cairn/host-protocol';

import { type DeletedGuestAction, DriftWatch } from './drift-watch';
import type { DomainState } from './ports/hypervisor.port';
import { silentLog } from './ports/log.port';
import { instanceIdOf } from './testing/specs';
import { VirtualClock } from './testing/virtual-clock';

const instance = (n: number): { category: string; id: string } => ({ category: 'instance', id: instanceIdOf(n) });
const domain = (n: number): DomainState => ({
  instanceId: instanceIdOf(n),
  name: `instance-${String(n)}`,
  power: 'running',
});
const FOREIGN: DomainState = { instanceId: '', name: 'somebody', power: 'running' };

function watching(action: DeletedGuestAction = 'reap') {
  const told: AgentEvent['data'][] = [];
  const ids: string[] = [];
  const world = { domains: [domain(1), domain(2), FOREIGN], busy: new Set<string>() };
  const watch = new DriftWatch({
    bootId: 'b0070000-0000-4000-8000-000000000001',
    hostId: '40570000-0000-4000-8000-000000000001',
    hypervisor: { list: () => Promise.resolve(world.domains) },
    journal: { present: () => Promise.resolve([{ resource: instance(1), images: [] }]) },
    isBusy: ({ id }) => world.busy.has(id),
    append: (id, { data }) => {
      ids.push(id);
      told.push(data);
      return Promise.resolve();
    },
    clock: new VirtualClock(),
    log: silentLog,
    everyMs: 1_000,
    action,
  });
  return { watch, told, ids, world };
}

describe('DriftWatch', () => {
  it('reports what no job has made, whose it is if it is to go, and nothing that a job works on', async () => {
    const { watch, told, world } = watching();
    world.busy.add(instanceIdOf(2));
    await watch.look();
    expect(told).toMatchObject([{ kind: 'foreign-domain', name: 'somebody' }]);
    expect(told[0]).not.toHaveProperty('resource');
    world.busy.clear();
    await watch.look();
    expect(told[1]).toMatchObject({ kind: 'unknown-instance', name: 'instance-2', resource: instance(2) });
  });

  it('reports it once while it is there, and again when it comes back', async () => {
    const { watch, told, ids, world } = watching();
    await watch.look();
    await watch.look();
    expect(told).toHaveLength(2);
    world.domains = [domain(1)];
    await watch.look();
    world.domains = [domain(1), domain(2)];
    await watch.look();
    expect(told).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
  });

  it('does not ask for its removal where the operator wants a report alone', async () => {
    const { watch, told } = watching('log');
    await watch.look();
    expect(told.some((data) => 'resource' in data)).toBe(false);
  });
});

import { streamRef } from '@cairn/domain';
import type { LogFields } from '../log';
import { silentLog } from '../log';
import { LivenessMonitor } from './liveness-monitor';
import { BOOT, ControllerLab } from './testing/controller-lab';
import { inventoryOf } from '../../../../libs/domain/src/testing/model';
import { idOf } from './testing/fixtures';

const HOSTS = Array.from({ length: 10 }, (_, i) => idOf('monitored host', i));

/** Ten hosts that are up, and which of them show a sign of life. */
async function monitored(): Promise<{
  readonly alive: Set<string>;
  readonly alarms: string[];
  readonly lookAfter: (ms: number) => Promise<void>;
  readonly down: () => readonly string[];
}> {
  const lab = new ControllerLab();
  for (const [i, hostId] of HOSTS.entries()) {
    const host = streamRef('host', hostId);
    const data = { hostId, name: `host-${String(i)}`, number: i, availabilityZone: 'nova' };
    await lab.execute(host, { type: 'EnrolHost', data });
    await lab.execute(host, { type: 'RecordAgentStarted', data: { bootId: BOOT, inventory: inventoryOf() } });
  }
  const alive = new Set(HOSTS);
  const alarms: string[] = [];
  const error = (message: string, _fields?: LogFields): number => alarms.push(message);
  const monitor = new LivenessMonitor(
    { hostIds: () => Promise.resolve(HOSTS) },
    { alive: () => Promise.resolve(new Map([...alive].map((id) => [id, BOOT]))) },
    lab.executor,
    lab.clock,
    { ...silentLog, error },
  );
  return {
    alive,
    alarms,
    lookAfter: async (ms) => {
      await lab.clock.pass(ms);
      await monitor.look();
    },
    down: () => HOSTS.filter((id) => lab.store.types(`host-${id}`).includes('host.went-down.v1')),
  };
}

describe('the monitor of hosts', () => {
  it('declares a host down when it has been silent for long enough [runbook host-down]', async () => {
    const { alive, lookAfter, down } = await monitored();
    await lookAfter(0);
    alive.delete(HOSTS[3] as string);
    await lookAfter(15_000);
    expect(down()).toEqual([]);
    await lookAfter(10_000);
    expect(down()).toEqual([HOSTS[3]]);
  });

  it('holds, and rings once each time, when too many fall silent together [runbook host-down]', async () => {
    const { alive, alarms, lookAfter, down } = await monitored();
    await lookAfter(0);
    for (const rung of [1, 2]) {
      alive.clear();
      await lookAfter(25_000);
      await lookAfter(5_000);
      expect(alarms).toHaveLength(rung);
      for (const id of HOSTS) alive.add(id);
      await lookAfter(5_000);
    }
    expect(down()).toEqual([]);
  });
});

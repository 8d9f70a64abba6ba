import type { HostJob } from '@cairn/host-protocol';

import { ensureJob, Lab, rebootJob, rebuildJob, removeJob, snapshotJob } from './testing/harness';
import { instanceOf, networkOf, nicOf } from './testing/specs';

const nics = [nicOf(1, networkOf(1))];

/** A life of an instance, job by job. */
const LIFE: readonly HostJob[] = [
  ensureJob(1, 1, { nics }),
  rebootJob(1, 2, 'hard', { nics }),
  snapshotJob(1, 3, { nics }),
  rebuildJob(1, 4, { nics }),
  removeJob(1, 5),
];

/**
 * Lives it. The processes of the agent die at these dealings with the world, one after the other; the next one is given
 * the same job again, as BullMQ would.
 * @returns how many of them died
 */
async function live(lab: Lab, deaths: readonly number[]): Promise<number> {
  let died = 0;
  let process = lab.process(deaths[0]);
  let left = LIFE;
  let starting = true;
  while (left.length > 0) {
    const { agent, death } = process;
    const job = left[0] as HostJob;
    const begun: Promise<unknown> = starting ? agent.start() : Promise.resolve();
    const done = begun.then(() => agent.handle(job)).then(() => false);
    starting = await Promise.race([done, death.then(() => true)]);
    if (starting) {
      died += 1;
      process = lab.process(deaths[died]);
    } else {
      left = left.slice(1);
    }
  }
  return died;
}

describe('an agent that is killed at any moment', () => {
  /** @returns how many processes died */
  async function check(deaths: readonly number[]): Promise<number> {
    const lab = new Lab();
    let starts = 0;
    lab.host.onChange = () => {
      starts = Math.max(starts, lab.host.domains.get(instanceOf(1).instanceId)?.starts ?? 0);
    };
    const died = await live(lab, deaths);
    // One start by the launch and one by the reboot, however often the jobs were given; the count of a rebuilt guest begins at 0.
    expect({ deaths, starts, violations: lab.host.violations }).toEqual({ deaths, starts: 2, violations: [] });
    expect([lab.host.domains.size, lab.host.disks.size, lab.host.ports.size]).toEqual([0, 0, 0]);
    for (const job of LIFE) {
      const results = lab.results(job);
      expect(results[0]?.type).toBe('agent.job-succeeded.v2');
      expect(new Set(results.map(({ id, data }) => JSON.stringify({ id, data }))).size).toBe(1);
    }
    return died;
  }

  it('does each effect once and ends where it should, wherever it is cut off', async () => {
    let diesAt = 1;
    while ((await check([diesAt])) === 1) diesAt += 1;
    expect(diesAt).toBeGreaterThan(50);
  });

  it('does so as well when the next two processes are cut off, too', async () => {
    for (let diesAt = 3; diesAt < 90; diesAt += 5)
      await check([diesAt, 1 + ((diesAt * 7) % 40), 1 + ((diesAt * 3) % 25)]);
  });
});

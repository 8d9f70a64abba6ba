import type { SentMessage } from '@cairn/host-protocol';

import { ProbedQueue } from './probed-queue';
import { ManualClock } from './testing/manual-clock';

const message = { kind: 'read-uptime' } as unknown as SentMessage;

describe('the watch on the queue', () => {
  it('tells once that the queue is back after it has refused messages, a second later at most', async () => {
    const clock = new ManualClock();
    let [refuses, back, probes] = [true, 0, 0];
    const answer = (): Promise<void> => (refuses ? Promise.reject(new Error('MISCONF')) : Promise.resolve());
    const probe = (): Promise<void> => {
      probes += 1;
      return answer();
    };
    const queue = new ProbedQueue({ add: answer }, probe, clock, () => (back += 1));
    for (let n = 0; n < 3; n += 1) await expect(queue.add('h', String(n), message)).rejects.toThrow('MISCONF');
    await clock.pass(10_000);
    expect([back, probes]).toEqual([0, 10]);
    refuses = false;
    await clock.pass(1_000);
    expect([back, probes]).toEqual([1, 11]);
    await queue.add('h', '4', message);
    await clock.pass(10_000);
    expect([back, probes]).toEqual([1, 11]);
    refuses = true;
    await expect(queue.add('h', '5', message)).rejects.toThrow('MISCONF');
    refuses = false;
    await clock.pass(1_000);
    expect(back).toBe(2);
  });
});

import { streamRef } from '@cairn/domain';
import type { SentMessage } from '@cairn/host-protocol';
import type { Clock, HostQueue } from './ports';
import { NoReply, ReplyBroker } from './replies';

/** A clock whose sleepers wake when the test says so. */
class HandClock implements Clock {
  private readonly sleepers: (() => void)[] = [];
  aborted = 0;

  now(): string {
    return '2026-11-22T12:00:00.000Z';
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    signal?.addEventListener('abort', () => (this.aborted += 1));
    return new Promise((resolve) => this.sleepers.push(resolve));
  }

  ring(): void {
    for (const wake of this.sleepers.splice(0)) wake();
  }
}

class RecordingQueue implements HostQueue {
  readonly sent: (readonly [string, string, SentMessage])[] = [];

  add(hostId: string, id: string, message: SentMessage): Promise<void> {
    this.sent.push([hostId, id, message]);
    return Promise.resolve();
  }
}

const resource = streamRef('instance', 'i-1');
const query = { kind: 'read-console', requestId: 'q-1', resource, payload: { lines: null } } as const;

describe('ReplyBroker', () => {
  it('gives who asked the answer to their question', async () => {
    const [queue, clock] = [new RecordingQueue(), new HandClock()];
    const broker = new ReplyBroker(queue, clock);
    const answer = broker.ask('h-1', query, 10_000);
    expect(queue.sent).toEqual([['h-1', 'q-1', query]]);
    expect(broker.resolve('h-1', 'q-2', 'not for you')).toBe(false);
    expect(broker.resolve('h-1', 'q-1', 'login:')).toBe(true);
    expect(await answer).toBe('login:');
    expect(clock.aborted).toBe(1);
  });

  it('takes no answer from another host than the one that was asked', async () => {
    const broker = new ReplyBroker(new RecordingQueue(), new HandClock());
    const answer = broker.ask('h-1', query, 10_000);
    expect(broker.resolve('h-2', 'q-1', 'forged')).toBe(false);
    expect(broker.resolve('h-1', 'q-1', 'login:')).toBe(true);
    expect(await answer).toBe('login:');
  });

  it('gives up in time, and an answer after that has nobody to go to', async () => {
    const clock = new HandClock();
    const broker = new ReplyBroker(new RecordingQueue(), clock);
    const answer = broker.ask('h-1', query, 10_000);
    clock.ring();
    await expect(answer).rejects.toBeInstanceOf(NoReply);
    expect(broker.resolve('h-1', 'q-1', 'late')).toBe(false);
  });

  it('forgets the question when it could not be sent', async () => {
    const broker = new ReplyBroker({ add: () => Promise.reject(new Error('redis is down')) }, new HandClock());
    const cause = { message: 'redis is down' };
    await expect(broker.ask('h-1', query, 10_000)).rejects.toMatchObject({ hostId: 'h-1', cause });
    expect(broker.resolve('h-1', 'q-1', 'x')).toBe(false);
  });
});

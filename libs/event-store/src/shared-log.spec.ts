import { event, placesOf, until, using } from './contract-support';
import { eventStoreContract } from './event-store.contract';
import { MemoryEventStore } from './memory';
import { type EventStore, type LogMessage, OutcomeUnknown, type Position } from './port';
import { sharedLog } from './shared-log';

eventStoreContract('a shared log', () => {
  const store = sharedLog(new MemoryEventStore(() => new Date().toISOString()));
  return Promise.resolve({ store, end: () => store.close() });
});

/** A store that counts what is fetched from it, and whose subscriptions can be broken. */
class Counted extends MemoryEventStore {
  opened = 0;
  fetched = 0;
  private breaking = new AbortController();

  break(): void {
    this.breaking.abort();
    this.breaking = new AbortController();
  }

  override async *subscribe(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    this.opened += 1;
    const { signal: broken } = this.breaking;
    for await (const message of super.subscribe(after, AbortSignal.any([signal, broken]))) {
      if (message.kind === 'event') this.fetched += 1;
      yield message;
    }
    if (broken.aborted) throw new OutcomeUnknown('broken');
  }
}

const append = async (store: EventStore, count: number): Promise<void> => {
  const last = await store.last('a');
  const events = Array.from({ length: count }, (_, i) => event(i));
  await store.append('a', last?.revision ?? 'no-stream', events);
};

const at =
  (revision: number) =>
  (message: LogMessage): boolean =>
    message.kind === 'event' && message.event.revision === BigInt(revision);
const caughtUp = ({ kind }: LogMessage): boolean => kind === 'caught-up';

const places = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `a/${String(from + i)}`);

describe('those who follow a shared log', () => {
  it('fetch an event once for all of them after they have caught up', async () => {
    const counted = new Counted();
    const store = sharedLog(counted);
    await append(store, 3);
    await using(store, undefined, async (one) => {
      await using(store, undefined, async (other) => {
        await Promise.all([until(one, caughtUp), until(other, caughtUp)]);
        const next = [until(one, at(102)), until(other, at(102))];
        await append(store, 100);
        for (const messages of await Promise.all(next)) expect(placesOf(messages, 'a')).toEqual(places(3, 102));
        expect(counted.fetched).toBe(3 + 3 + 100);
      });
    });
  });

  it('each get everything once, however slow they are and wherever they begin', async () => {
    const store = sharedLog(new MemoryEventStore());
    await append(store, 10);
    await using(store, undefined, async (fast) => {
      await using(store, undefined, async (slow) => {
        await Promise.all([until(fast, caughtUp), until(slow, caughtUp)]);
        for (let i = 0; i < 10; i += 1) {
          const seen = until(fast, at(10 + (i + 1) * 1_000 - 1));
          await append(store, 1_000);
          await seen;
        }
        expect(placesOf(await until(slow, at(10_009)), 'a')).toEqual(places(10, 10_009));
        await append(store, 1);
        expect(placesOf(await until(slow, at(10_010)), 'a')).toEqual(places(10_010, 10_010));
      });
      await using(store, 64n * 5n, async (late) => {
        expect(placesOf(await until(late, at(10_010)), 'a')).toEqual(places(5, 10_010));
      });
    });
  });

  it('all learn that it broke, and can begin again', async () => {
    const counted = new Counted();
    const store = sharedLog(counted);
    await append(store, 1);
    await using(store, undefined, async (one) => {
      await using(store, undefined, async (other) => {
        await Promise.all([until(one, caughtUp), until(other, caughtUp)]);
        const broken = [until(one, at(1)), until(other, at(1))].map((end) => expect(end).rejects.toThrow('broken'));
        counted.break();
        await Promise.all(broken);
      });
    });
    await append(store, 1);
    await using(store, 64n, async (again) => {
      expect(placesOf(await until(again, at(1)), 'a')).toEqual(['a/1']);
    });
  });

  it('leave nothing open when they have gone', async () => {
    const counted = new Counted();
    const store = sharedLog(counted);
    for (let i = 0; i < 3; i += 1) {
      await using(store, undefined, async (one) => {
        await until(one, caughtUp);
        const next = until(one, at(i));
        await append(store, 1);
        await next;
      });
    }
    expect(counted.opened).toBe(6);
  });
});

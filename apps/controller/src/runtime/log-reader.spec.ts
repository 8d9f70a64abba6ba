import { type LogMessage, type Position, type RecordedEvent } from '@cairn/event-store';

import { silentLog } from '../log';
import { type LogConsumer, LogReader, OtherHistory } from './log-reader';
import { drained, ManualClock } from './testing/manual-clock';
import { ScriptedStore } from './testing/scripted-store';

/** A consumer whose work on an event ends when the test says so. */
class Consumer implements LogConsumer {
  readonly handled: bigint[] = [];
  readonly histories: (string | null)[] = [];
  readonly saved: (Position | undefined)[] = [];
  resumptions = 0;
  private readonly open = new Map<bigint, () => void>();

  constructor(
    private readonly from: Position | undefined,
    private readonly endsAtOnce = false,
  ) {}

  start(history: string | null): Promise<Position | undefined> {
    this.histories.push(history);
    return Promise.resolve(this.from);
  }

  handle({ position }: RecordedEvent): Promise<void> | undefined {
    this.handled.push(position);
    return this.endsAtOnce ? undefined : new Promise((resolve) => this.open.set(position, resolve));
  }

  save(checkpoint: Position | undefined): Promise<boolean> {
    const isNew = checkpoint !== this.saved.at(-1);
    this.saved.push(checkpoint);
    return Promise.resolve(isNew);
  }

  resumed(): void {
    this.resumptions += 1;
  }

  end(position: bigint): void {
    this.open.get(position)?.();
  }
}

async function logOf(count: number): Promise<ScriptedStore> {
  const store = new ScriptedStore();
  const events = Array.from({ length: count }, (_, i) => ({ id: `e${String(i)}`, type: 't', data: {}, metadata: {} }));
  await store.log.append('s-1', 'no-stream', events);
  return store;
}

async function reading(
  store: ScriptedStore,
  consumer: Consumer,
  work: (clock: ManualClock, reader: LogReader) => Promise<void>,
): Promise<void> {
  const [clock, ended] = [new ManualClock(), new AbortController()];
  const reader = new LogReader(store, consumer, clock, silentLog);
  const run = reader.run(ended.signal);
  await drained();
  await work(clock, reader);
  ended.abort();
  await clock.pass(10_000);
  await run;
}

const positions = (store: ScriptedStore): readonly bigint[] => store.log.all().map(({ position }) => position);

describe('the reader of the log', () => {
  it('hands over every event in order, from where it was', async () => {
    const store = await logOf(4);
    const [, second, ...rest] = positions(store);
    const consumer = new Consumer(second, true);
    await reading(store, consumer, (_clock, reader) => {
      expect(reader.live).toBe(true);
      return Promise.resolve();
    });
    expect(consumer.handled).toEqual(rest);
  });

  it('never saves a checkpoint beyond an event that is not dealt with', async () => {
    const store = await logOf(3);
    const [first, second, third] = positions(store) as [bigint, bigint, bigint];
    const consumer = new Consumer(undefined);
    await reading(store, consumer, async (clock) => {
      consumer.end(third);
      consumer.end(first);
      await clock.pass(250);
      expect(consumer.saved.at(-1)).toBe(first);
      consumer.end(second);
      await clock.pass(250);
      expect(consumer.saved.at(-1)).toBe(third);
    });
  });

  it('pays no heed to checkpoints that the store announces', async () => {
    const store = await logOf(1);
    const announced = async function* (): AsyncIterable<LogMessage> {
      yield await Promise.resolve<LogMessage>({ kind: 'checkpoint', position: 999n });
      yield { kind: 'event', event: store.log.all()[0] as RecordedEvent };
      await new Promise<never>(() => undefined);
    };
    jest.spyOn(store, 'subscribe').mockImplementation(announced);
    const consumer = new Consumer(undefined);
    const clock = new ManualClock();
    void new LogReader(store, consumer, clock, silentLog).run(new AbortController().signal);
    await clock.pass(250);
    expect(consumer.handled).toHaveLength(1);
    expect(consumer.saved).toEqual([undefined]);
  });

  it('goes on after the last event that it handed over when the subscription breaks', async () => {
    const store = await logOf(3);
    const broken = async function* (): AsyncIterable<LogMessage> {
      yield await Promise.resolve<LogMessage>({ kind: 'event', event: store.log.all()[0] as RecordedEvent });
      throw new Error('the store went away');
    };
    jest.spyOn(store, 'subscribe').mockImplementationOnce(broken);
    const consumer = new Consumer(undefined, true);
    await reading(store, consumer, (clock) => clock.pass(1_000));
    expect(consumer.handled).toEqual(positions(store));
    expect(consumer.resumptions).toBe(1);
  });

  it.each([undefined, 'store/1'])(
    'tells the consumer which history the log is (%s), as soon as it can',
    async (named) => {
      const store = await logOf(1);
      store.log.named = named;
      jest.spyOn(store, 'history').mockRejectedValueOnce(new Error('the store is away'));
      const consumer = new Consumer(undefined, true);
      await reading(store, consumer, (clock) => clock.pass(1_000));
      expect(consumer.histories).toEqual([named ?? null]);
      expect(consumer.handled).toEqual(positions(store));
    },
  );

  it('gives up when the log has become another history: what was read of it is worth nothing', async () => {
    const store = await logOf(2);
    store.log.named = 'store/1';
    const broken = async function* (): AsyncIterable<LogMessage> {
      yield await Promise.resolve<LogMessage>({ kind: 'event', event: store.log.all()[0] as RecordedEvent });
      store.log.named = 'store/2';
      throw new Error('the store went away');
    };
    jest.spyOn(store, 'subscribe').mockImplementationOnce(broken);
    const consumer = new Consumer(undefined, true);
    const clock = new ManualClock();
    const given = expect(
      new LogReader(store, consumer, clock, silentLog).run(new AbortController().signal),
    ).rejects.toThrow(OtherHistory);
    await clock.pass(1_000);
    await given;
    expect(consumer.handled).toEqual(positions(store).slice(0, 1));
  });

  it('asks seldom while nothing happens, and as often as before when something did', async () => {
    const store = await logOf(1);
    const consumer = new Consumer(undefined);
    await reading(store, consumer, async (clock) => {
      await clock.pass(60_000);
      expect(consumer.saved.length).toBeLessThan(40);
      const before = consumer.saved.length;
      consumer.end(positions(store)[0] as bigint);
      await clock.pass(2_000); // once to find something new, and soon again
      expect(consumer.saved.length).toBe(before + 2);
    });
  });

  it('goes on when a checkpoint cannot be saved', async () => {
    const store = await logOf(1);
    const consumer = new Consumer(undefined, true);
    const save = jest.spyOn(consumer, 'save').mockRejectedValueOnce(new Error('disk full'));
    await reading(store, consumer, (clock) => clock.pass(600));
    expect(save.mock.calls.length).toBeGreaterThan(1);
  });
});

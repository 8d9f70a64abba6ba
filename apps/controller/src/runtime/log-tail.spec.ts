import { DomainError, streamRef } from '@cairn/domain';
import { type LogMessage, MemoryEventStore, OutcomeUnknown, ownLog, type Position } from '@cairn/event-store';

import { userOf } from '../../../../libs/domain/src/testing/model';
import { silentLog } from '../log';
import { systemContext } from './context';
import { CommandExecutor } from './execute';
import { LogTail } from './log-tail';
import { NO_CAUSE, Snapshots } from './snapshots';
import { systemClock } from './system-clock';

/** The log, whose end may stand still for one who follows it, and which may not answer. */
class Stubborn extends MemoryEventStore {
  asked = 0;
  away = false;
  silent = false;
  private still: Promise<void> | undefined;
  move: () => void = () => undefined;

  stand(): void {
    this.still = new Promise((resolve) => (this.move = resolve));
  }

  override head(): Promise<Position> {
    this.asked += 1;
    if (this.silent) return new Promise(() => undefined);
    return this.away ? Promise.reject(new OutcomeUnknown('away')) : super.head();
  }

  override async *subscribe(after: Position | undefined, signal: AbortSignal): AsyncIterable<LogMessage> {
    if (this.away) throw new OutcomeUnknown('away');
    for await (const message of super.subscribe(after, signal)) {
      await this.still;
      yield message;
    }
  }
}

const USER = streamRef('user', 'u');

describe('the tail of the log', () => {
  let store: Stubborn;
  let mine: CommandExecutor;
  let other: CommandExecutor;
  let tail: LogTail;
  let elapsed: number;
  let longest: number;
  let ended: AbortController;
  let following: Promise<void>;
  let commands = 0;

  const executor = (): CommandExecutor =>
    new CommandExecutor({
      store,
      clock: systemClock,
      snapshots: new Snapshots(store, () => undefined),
      commandHash: (text) => text,
    });

  /** As another controller. */
  async function happen(type: 'create' | 'disable'): Promise<void> {
    commands += 1;
    const command =
      type === 'create'
        ? ({ type: 'CreateUser', data: userOf({ userId: USER.id }) } as const)
        : ({ type: 'UpdateUser', data: { enabled: false } } as const);
    await other.execute(USER, command, systemContext('test', `c${String(commands)}`, NO_CAUSE, systemClock));
  }

  const isEnabled = async (): Promise<boolean | undefined> => (await mine.state(USER)).record?.enabled;

  beforeEach(async () => {
    store = new Stubborn();
    [mine, other] = [executor(), executor()];
    elapsed = 0;
    longest = 0;
    ended = new AbortController();
    await happen('create');
    // waits are over at once, so that a test need not wait for them
    const clock = {
      sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
        longest = Math.max(longest, ms);
        if (ms < 1_000) elapsed += ms;
        else await systemClock.sleep(300, signal);
      },
    };
    tail = new LogTail({
      store: ownLog(store, () => undefined),
      cache: mine,
      clock,
      log: silentLog,
      elapsed: () => elapsed,
    });
    following = tail.run(ended.signal);
  });
  afterEach(async () => {
    ended.abort();
    store.move();
    await following;
  });

  it('asks where the end is once for all who want to know, and not again within half a second', async () => {
    await Promise.all([tail.proven(), tail.proven(), tail.proven()]);
    const { asked } = store;
    elapsed = 500;
    expect(tail.proven()).toBeUndefined();
    expect(store.asked).toBe(asked);
    elapsed = 900; // in advance, for those who come later
    expect(tail.proven()).toBeUndefined();
    expect(store.asked).toBe(asked + 1);
  });

  it('proves that states show what another controller wrote', async () => {
    await tail.proven();
    expect(await isEnabled()).toBe(true);
    await happen('disable');
    elapsed = 2_000;
    await tail.proven();
    expect(await isEnabled()).toBe(false);
  });

  it('proves them at an end that another application wrote, in a stream that is named like one of Cairn', async () => {
    await tail.proven();
    await store.append('user-42', 'no-stream', [{ id: 'theirs', type: 'UserRegistered', data: {}, metadata: {} }]);
    elapsed = 2_000;
    await tail.proven();
    expect(await isEnabled()).toBe(true);
  });

  it('tells in less than 5 s those who wait for a log that is silent', async () => {
    await tail.proven();
    store.silent = true;
    elapsed = 2_000;
    await expect(tail.proven()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(longest).toBeLessThan(5_000);
  });

  it('does not vouch for what was read before it began to follow', async () => {
    ended.abort();
    await following;
    const late = executor();
    expect((await late.state(USER)).record?.enabled).toBe(true);
    await happen('disable');
    ended = new AbortController();
    const next = new LogTail({ store, cache: late, clock: systemClock, log: silentLog });
    following = next.run(ended.signal);
    await next.proven();
    expect((await late.state(USER)).record?.enabled).toBe(false);
  });

  it('refuses while it stands still, and vouches again when it has come along', async () => {
    await tail.proven();
    expect(await isEnabled()).toBe(true);
    store.stand();
    await happen('disable');
    expect(tail.proven()).toBeUndefined(); // what was proven less than a second ago
    elapsed = 2_000;
    await expect(tail.proven()).rejects.toMatchObject({ kind: 'unavailable' });
    store.move();
    await tail.proven();
    expect(await isEnabled()).toBe(false);
  });

  it('bridges a restart of the store, and refuses when it takes longer', async () => {
    await tail.proven();
    store.away = true;
    elapsed = 2_000;
    const bridged = tail.proven();
    store.away = false;
    await bridged;
    store.away = true;
    elapsed += 2_000;
    await expect(tail.proven()).rejects.toThrow(DomainError);
  });

  it('warns once of each time that the store is away, and says when it follows again', async () => {
    ended.abort();
    await following;
    const told: string[] = [];
    const tell = (message: string): number => told.push(message);
    let tries = 0;
    const clock = { sleep: () => ((tries += 1), systemClock.sleep(1)) };
    store.away = true;
    ended = new AbortController();
    const log = { ...silentLog, info: tell, warn: tell };
    following = new LogTail({ store, cache: mine, clock, log }).run(ended.signal);
    while (tries < 3) await systemClock.sleep(1);
    expect(told).toEqual(['the end of the log cannot be followed, tried again until it can']);
    store.away = false;
    while (told.length < 2) await systemClock.sleep(1);
    expect(told[1]).toBe('the end of the log is followed again');
  });

  it('refuses where the log is behind what was read from it', async () => {
    await happen('disable');
    await tail.proven();
    elapsed = 2_000;
    jest.spyOn(store, 'head').mockResolvedValue(1n);
    await expect(tail.proven()).rejects.toThrow(DomainError);
  });
});

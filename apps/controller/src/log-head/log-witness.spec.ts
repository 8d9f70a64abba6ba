import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { linkOf, MemoryEventStore, nameLog, recordTurn, streamHash } from '@cairn/event-store';
import { publicPem } from '@cairn/os';

import { silentLog } from '../log';
import { systemClock } from '../runtime/system-clock';
import { LogLost } from './check-head';
import { LogMoved, LogWitness } from './log-witness';
import { headKey, openHead, rememberedHead, signedHead } from './signed-head';

/** Appends as many events as Cairn does, one after the other. */
async function grow(log: MemoryEventStore, count: number, stream = 'user-1'): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const last = await log.last(stream);
    const event = { id: `${stream}-${String(last?.revision)}`, type: 'user.renamed.v1', data: { n }, metadata: {} };
    const link = streamHash(linkOf(last), event);
    await log.append(stream, last?.revision ?? 'no-stream', [{ ...event, metadata: { streamHash: link } }]);
  }
}

/** An older copy: only the first events of it. */
async function copyOf(log: MemoryEventStore, count: number): Promise<MemoryEventStore> {
  const copy = new MemoryEventStore();
  for (const { stream, revision, id, type, data, metadata } of log.all().slice(0, count))
    await copy.append(stream, revision === 0n ? 'no-stream' : revision - 1n, [{ id, type, data, metadata }]);
  return copy;
}

describe('what a cloud remembers of its log', () => {
  let stateDir: string;
  let log: MemoryEventStore;

  /** Waits that are shorter, and tell how many there were. */
  let waits: number;
  const clock = {
    now: () => systemClock.now(),
    sleep: (ms: number, signal?: AbortSignal) => {
      waits += 1;
      return systemClock.sleep(Math.min(ms, 10), signal);
    },
  };
  const begin = (store: MemoryEventStore): Promise<LogWitness> =>
    LogWitness.begin({ store, stateDir, clock, log: silentLog });

  /** Lets it see all that is there. */
  async function witnessed(store: MemoryEventStore): Promise<void> {
    const stop = new AbortController();
    const running = (await begin(store)).run(stop.signal);
    await systemClock.sleep(20);
    stop.abort();
    await running;
  }

  beforeEach(async () => {
    waits = 0;
    stateDir = mkdtempSync(join(tmpdir(), 'cairn-witness-'));
    log = new MemoryEventStore();
    await nameLog(log, 'mine');
    await grow(log, 20);
    await witnessed(log);
  });
  afterEach(() => {
    rmSync(stateDir, { recursive: true });
  });

  it('is where its end was, signed, and grows with it', async () => {
    const key = await headKey(stateDir);
    expect(await rememberedHead(stateDir, key)).toMatchObject({
      name: 'mine',
      events: 21,
      stream: 'user-1',
      revision: '19',
    });
    await grow(log, 5);
    await witnessed(log);
    expect(await rememberedHead(stateDir, key)).toMatchObject({ events: 26, revision: '24' });
  });

  it('is missing in an older copy, however long that has become since', async () => {
    await expect(begin(await copyOf(log, 20))).rejects.toThrow(
      /up to event 21 .*ends at position \d+ without it: it is an older/,
    );
    const grown = await copyOf(log, 10);
    await grow(grown, 3, 'user-2');
    await grow(grown, 100);
    await expect(begin(grown)).rejects.toThrow(LogLost);
    await grow(grown, 1_000, 'user-2');
    await expect(begin(grown)).rejects.toThrow(/it is another history/);
  });

  it('is not there when the log is moved away meanwhile: it is followed no further', async () => {
    const running = (await begin(log)).run(new AbortController().signal);
    const ended = expect(running).rejects.toThrow(LogMoved);
    await recordTurn(log, 'moved', { to: 'esdb://elsewhere:1' });
    await ended;
    await expect(begin(log)).rejects.toThrow(/was moved to esdb:\/\/elsewhere:1/);
    await recordTurn(log, 'kept', {});
    await witnessed(log);
  });

  it('may be a moment ahead of a node that lags', async () => {
    const lagging = await copyOf(log, 20);
    const began = begin(lagging);
    waits = 0;
    while (waits < 3) await systemClock.sleep(1);
    const [last] = log.all().slice(20);
    if (last === undefined) throw new Error('nothing is missing');
    const { stream, revision, id, type, data, metadata } = last;
    await lagging.append(stream, revision - 1n, [{ id, type, data, metadata }]);
    await began;
  });

  it('cannot be changed without its key', async () => {
    const key = await headKey(stateDir);
    const head = await rememberedHead(stateDir, key);
    if (head === undefined) throw new Error('nothing is remembered');
    const forged = JSON.stringify({ ...signedHead(head, key), events: 20 });
    expect(() => openHead(forged, key)).toThrow(/signature/);
    expect(publicPem(key)).toMatch(/BEGIN PUBLIC KEY/);
  });
});

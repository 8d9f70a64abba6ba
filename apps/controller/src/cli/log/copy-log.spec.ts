import {
  linkOf,
  MemoryEventStore,
  type NewEvent,
  nameLog,
  OutcomeUnknown,
  recordTurn,
  streamHash,
} from '@cairn/event-store';

import { wholeLog } from '../log-scan';
import { LogCopy } from './copy-log';
import { LogWalk } from './log-walk';

/** A log that some hosts and users have written to, one event at a time. */
async function original(): Promise<MemoryEventStore> {
  const log = new MemoryEventStore();
  await nameLog(log, 'mine');
  const links = new Map<string, string>();
  for (let n = 0; n < 300; n += 1) {
    const stream = `user-${String(n % 7)}`;
    const event = { id: `e-${String(n)}`, type: 'user.renamed.v1', data: { n }, metadata: {} };
    const link = streamHash(links.get(stream) ?? '', event);
    const last = await log.last(stream);
    await log.append(stream, last?.revision ?? 'no-stream', [{ ...event, metadata: { streamHash: link } }]);
    links.set(stream, link);
  }
  for (let n = 0; n < 3; n += 1) {
    const relay = { id: `r-${String(n)}`, type: 'relay.advanced.v1', data: { revision: String(n) }, metadata: {} };
    await log.append('relay-h', n === 0 ? 'no-stream' : BigInt(n - 1), [relay]);
    const snapshot = { id: `s-${String(n)}`, type: 'snapshot.taken.v1', data: { position: '64' }, metadata: {} };
    await log.append('snapshot-user-1', n === 0 ? 'no-stream' : BigInt(n - 1), [snapshot]);
  }
  return log;
}

async function copied(from: MemoryEventStore, to: MemoryEventStore): Promise<LogCopy> {
  const copy = new LogCopy(to, () => undefined);
  await copy.take(wholeLog(from));
  await copy.finish();
  return copy;
}

async function digestOf(log: MemoryEventStore): Promise<string> {
  const walk = await new LogWalk().takeAll(wholeLog(log));
  expect(walk.verifier.broken).toEqual([]);
  return walk.digest.hash;
}

/** A server that dies after so many appends, in the middle of what was sent to it at once. */
class Dying extends MemoryEventStore {
  left = Infinity;

  override append(
    ...[stream, expected, events]: Parameters<MemoryEventStore['append']>
  ): ReturnType<MemoryEventStore['append']> {
    if (this.left === 0) return Promise.reject(new Error('killed'));
    this.left -= 1;
    return super.append(stream, expected, events);
  }
}

describe('a copy of a log', () => {
  it('is the same log: order, revisions, ids and chains; others are left alone, and snapshots are left out', async () => {
    const [from, to] = [await original(), new MemoryEventStore()];
    await to.append('orders-1', 'no-stream', [{ id: 'o', type: 'OrderPlaced', data: {}, metadata: {} }]);
    const copy = await copied(from, to);
    expect(copy.written).toBe(301);
    expect(await digestOf(to)).toBe(await digestOf(from));
    expect(await to.last('snapshot-user-1')).toBeUndefined();
    expect(await to.last('relay-h')).toMatchObject({ revision: 0n, data: { revision: '2' } });
    expect((await copied(from, to)).written).toBe(0);
  });

  it('goes on from wherever an earlier one was ended', async () => {
    const from = await original();
    for (let left = 0; left < 301; left += 23) {
      const to = new Dying();
      to.left = left;
      await expect(copied(from, to)).rejects.toThrow('killed');
      to.left = Infinity;
      expect((await copied(from, to)).written).toBe(301 - left);
      expect(await digestOf(to)).toBe(await digestOf(from));
    }
  });

  it('sends an append again that was not answered', async () => {
    const [from, to] = [await original(), new MemoryEventStore()];
    const append = to.append.bind(to);
    let sent = 0;
    jest.spyOn(to, 'append').mockImplementation(async (...what) => {
      sent += 1;
      const done = await append(...what);
      if (sent === 40) throw new OutcomeUnknown('no answer');
      return done;
    });
    expect((await copied(from, to)).written).toBe(301);
    expect(await digestOf(to)).toBe(await digestOf(from));
  });

  it('is not made over another log, nor over one that went on elsewhere', async () => {
    const from = await original();
    const other = new MemoryEventStore();
    await nameLog(other, 'theirs');
    await expect(copied(from, other)).rejects.toThrow(/the log there is another one: it has cairn-log at revision 0/);
    const ahead = new MemoryEventStore();
    await copied(from, ahead);
    const last = await ahead.last('user-1');
    const event: NewEvent = { id: 'new', type: 'user.renamed.v1', data: {}, metadata: {} };
    const link = { streamHash: streamHash(linkOf(last), event) };
    await ahead.append('user-1', last?.revision ?? 'no-stream', [{ ...event, metadata: link }]);
    await expect(copied(from, ahead)).rejects.toThrow(/goes on behind this one, with user-1 at revision \d+/);
  });

  it('is not made of a log whose chain is broken, and may end with its arrival', async () => {
    const [from, to] = [await original(), new MemoryEventStore()];
    await copied(from, to);
    await recordTurn(to, 'arrived', {});
    await copied(from, to);
    await from.append('user-new', 'no-stream', [{ id: 'f', type: 'user.created.v1', data: {}, metadata: {} }]);
    await expect(copied(from, new MemoryEventStore())).rejects.toThrow(/user-new, revision 0: it has no hash/);
  });
});

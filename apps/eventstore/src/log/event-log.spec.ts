import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@cairn/sqlite';
import { TemporaryLog, append, proposed, storedEvents, written } from '../testing/temporary-log';
import { DirectoryLockedError } from './directory-lock';
import { EventLog } from './event-log';
import { LOG_FILE } from './schema';
import { DamagedLogError } from './damage';

describe('EventLog', () => {
  let temporary: TemporaryLog;
  let log: EventLog;

  beforeEach(() => {
    temporary = new TemporaryLog();
    log = temporary.open();
  });
  afterEach(() => {
    temporary.remove();
  });

  it('starts with a few system events that say which store it is', () => {
    const events = log.reader.allPage({ first: 0, last: log.lastPosition }, false);
    expect(events.length).toBeGreaterThan(1);
    expect(events.every((e) => e.type.name.startsWith('$') && e.stream.name.startsWith('$'))).toBe(true);
    expect(JSON.parse(storedEvents(log, '$store')[0]?.data.toString() ?? '')).toMatchObject({ epoch: 1 });
    const { lastPosition } = log;
    expect(temporary.reopen().lastPosition).toBe(lastPosition);
  });

  it('has after a restart what it had before, and goes on behind it', async () => {
    const event = proposed({ text: 'ключ 日本' }, { metadata: Buffer.from([0, 255]), json: false });
    const outcome = await written(log, append('s-日本', 'no-stream', event));
    log = temporary.reopen();
    const [stored] = storedEvents(log, 's-日本');
    expect(stored).toMatchObject({ revision: 0, json: false, type: { name: event.type }, stream: { name: 's-日本' } });
    expect([
      stored?.id.equals(event.id),
      stored?.data.equals(event.data),
      stored?.metadata.equals(event.metadata),
    ]).toEqual([true, true, true]);
    expect(await written(log, append('s-日本', 'no-stream', event))).toEqual(outcome);
    expect(await written(log, append('s-日本', 'any', event))).toEqual(outcome);
    expect(await written(log, append('s-日本', 0, proposed(2)))).toMatchObject({ kind: 'done', revision: 1 });
  });

  it('commits what is queued in one turn together, answers in order and then wakes the subscriptions', async () => {
    const happened: string[] = [];
    const positions: number[] = [];
    log.signal.watch(undefined, () => happened.push('signal'));
    log.signal.watch('b', () => happened.push('signal b'));
    log.signal.watch('c', () => happened.push('signal c'));
    await Promise.all(
      ['a', 'b'].map(async (stream) => {
        const outcome = written(log, append(stream, 'any', proposed(stream)));
        void outcome.then(() => happened.push(stream));
        expect(log.head(stream).last).toBe(-1);
        positions.push(log.lastPosition);
        await outcome;
      }),
    );
    expect(happened).toEqual(['signal', 'signal b', 'a', 'b']);
    expect(log.lastPosition).toBeGreaterThan(positions[1] ?? Infinity);
  });

  it('carries out far more writes than one group takes', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4_500 }, (_, i) => written(log, append(`s-${String(i % 7)}`, 'any', proposed(i)))),
    );
    expect(outcomes.every((o) => o.kind === 'done')).toBe(true);
    const revisions = Array.from({ length: 7 }, (_, i) => log.head(`s-${String(i)}`).last + 1);
    expect(revisions.reduce((a, b) => a + b)).toBe(4_500);
  });

  it('fails what is still queued when it is closed', async () => {
    const outcome = written(log, append('s', 'any', proposed(1)));
    log.close();
    expect(await outcome).toMatchObject({ kind: 'unavailable' });
    expect(temporary.open().head('s').last).toBe(-1);
  });

  it('refuses a directory that another server has, until that one lets go', () => {
    expect(() => EventLog.open({ directory: temporary.directory })).toThrow(DirectoryLockedError);
    log.close();
    log = temporary.open();
    expect(log.lastPosition).toBeGreaterThan(0);
  });

  it('refuses a file of a newer build', () => {
    log.close();
    const db = new Database(join(temporary.directory, LOG_FILE));
    db.pragma('user_version = 99');
    db.close();
    expect(() => temporary.open()).toThrow(/newer event store/);
  });

  it.each([
    ['content', "UPDATE events SET data = x'00' WHERE rev = 1"],
    ['stream', "UPDATE streams SET name = 'other' WHERE name = 's'"],
    ['order', 'UPDATE events SET rev = 7 WHERE rev = 1'],
    ['link', 'DELETE FROM events WHERE rev = 1'],
  ])('notices at start that the %s of a recent event was changed', async (_what, sql) => {
    await written(log, append('s', 'any', proposed(1), proposed(2), proposed(3)));
    log.close();
    const db = new Database(join(temporary.directory, LOG_FILE));
    db.exec(sql);
    db.close();
    expect(() => temporary.open()).toThrow(DamagedLogError);
  });

  it('refuses a file that is no log', () => {
    log.close();
    const file = join(temporary.directory, LOG_FILE);
    writeFileSync(file, Buffer.concat([Buffer.from('garbage'), readFileSync(file).subarray(7)]));
    expect(() => temporary.open()).toThrow(/not a database/);
  });
});

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@cairn/sqlite';
import { TemporaryLog, append, proposed, storedEvents, written } from '../testing/temporary-log';
import { walkChain, type ChainStep } from './chain-walk';
import { DamagedLogError } from './damage';
import type { EventLog } from './event-log';
import { LOG_FILE, openReadOnly } from './schema';
import { CHAIN_START } from './tail';

describe('the chain of the whole log', () => {
  let temporary: TemporaryLog;
  beforeEach(() => {
    temporary = new TemporaryLog();
  });
  afterEach(() => {
    temporary.remove();
  });

  function walk(): readonly ChainStep[] {
    const db = openReadOnly(temporary.directory);
    try {
      return [...walkChain(db, CHAIN_START)];
    } finally {
      db.close();
    }
  }

  function change(sql: string): void {
    const db = new Database(join(temporary.directory, LOG_FILE));
    db.exec(sql);
    db.close();
  }

  it('reaches every event, and ends at the hash of the newest', async () => {
    const log = temporary.open();
    for (let n = 0; n < 5; n += 1) await written(log, append(`s-${String(n)}`, 'any', proposed(n), proposed(n)));
    const steps = walk();
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.at(-1)?.position).toBe(log.lastPosition);
    expect(steps.at(-1)?.hash.equals(steps.at(-1)?.row?.hash ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    ['content', "UPDATE events SET data = x'7b7d' WHERE pos = :p", 'does not match its checksum'],
    ['content with its checksum', 'UPDATE events SET created = created + 1, sum = 0 WHERE pos = :p', 'checksum'],
    ['hash', 'UPDATE events SET hash = zeroblob(32) WHERE pos = :p', 'does not follow from the event before it'],
    ['stream', "UPDATE streams SET name = 'forged' WHERE name = 's-2'", 'does not match its checksum'],
    ['place', 'DELETE FROM events WHERE pos = :p', 'is missing'],
  ])('names the first event whose %s was changed', async (_what, sql, why) => {
    const log = temporary.open();
    for (let n = 0; n < 5; n += 1) await written(log, append(`s-${String(n)}`, 'any', proposed(n)));
    const position = storedEvents(log, 's-2')[0]?.position ?? -1;
    log.close();
    change(sql.replaceAll(':p', String(position)));
    expect(walk).toThrow(DamagedLogError);
    expect(walk).toThrow(`at position ${String(position)} `);
    expect(walk).toThrow(why);
  });

  it('does not serve what does not match: neither content nor a stream with a hole', async () => {
    let log = temporary.open();
    for (let n = 0; n < 400; n += 1) await written(log, append('s', 'any', proposed(n)));
    const position = storedEvents(log, 's')[2]?.position ?? -1;
    log.close();
    change(`UPDATE events SET data = x'7b7d' WHERE pos = ${String(position)}`);
    log = temporary.open();
    expect(() => log.reader.at(position)).toThrow(`the event at position ${String(position)} does not match`);
    log.close();
    change(`DELETE FROM events WHERE pos = ${String(position)}`);
    log = temporary.open();
    expect(() => storedEvents(log, 's')).toThrow(/has lost its neighbour/);
    expect(() => log.reader.allPage({ first: 0, last: log.lastPosition }, false)).toThrow(
      `the event at position ${String(position)} is missing`,
    );
  });
});

describe('a log of version 0.1.0', () => {
  let temporary: TemporaryLog;
  beforeEach(() => {
    temporary = new TemporaryLog();
    copyFileSync(join(__dirname, 'fixtures', 'log-0.1.0.sqlite'), join(temporary.directory, LOG_FILE));
  });
  afterEach(() => {
    temporary.remove();
  });

  function raw(sql: string): readonly unknown[] {
    const db = new Database(join(temporary.directory, LOG_FILE));
    try {
      return db.prepare(sql).raw().all();
    } finally {
      db.close();
    }
  }

  const CONTENT = 'SELECT pos, sid, rev, type_id, json, created, id, data, meta FROM events ORDER BY pos';

  it('is converted at its first start, with every event and position as it was', async () => {
    const before = raw(CONTENT);
    expect(before.length).toBeGreaterThan(100);
    const log: EventLog = temporary.open();
    expect(storedEvents(log, 'thing-0').map((event) => event.revision)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(await written(log, append('thing-0', 19, proposed()))).toMatchObject({ kind: 'done', revision: 20 });
    log.close();
    expect(raw(CONTENT).slice(0, before.length)).toEqual(before);
    const db = openReadOnly(temporary.directory);
    expect([...walkChain(db, CHAIN_START)]).toHaveLength(before.length + 1);
    db.close();
  });

  it('is left as it was when it was changed behind its back', () => {
    const db = new Database(join(temporary.directory, LOG_FILE));
    db.exec(
      "UPDATE events SET data = x'7b7d' WHERE rev = 5 AND sid = (SELECT sid FROM streams WHERE name = 'thing-1')",
    );
    db.close();
    expect(() => temporary.open()).toThrow(/does not match its hash/);
    expect(raw('PRAGMA user_version')).toEqual([[1]]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@cairn/sqlite';
import { append, proposed } from '../testing/temporary-log';
import type { WriteCommand, WriteOutcome } from './commands';
import { GroupWriter } from './group-writer';
import { Heads } from './heads';
import { Names } from './names';
import { LogReader } from './reader';
import { RecentIds } from './recent-ids';
import { openDatabase } from './schema';
import { readTail } from './tail';

describe('GroupWriter', () => {
  let directory: string;
  let db: Database;
  let heads: Heads;
  let reader: LogReader;
  let writer: GroupWriter;
  let now: number;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cairn-writer-'));
    db = openDatabase(directory);
    now = 1_000;
    const names = new Names(db);
    heads = new Heads(db, names);
    reader = new LogReader(db, names);
    const parts = { db, names, heads, reader, recentIds: new RecentIds(), now: () => now };
    writer = new GroupWriter(parts, readTail(db));
  });
  afterEach(() => {
    db.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function commit(...group: readonly WriteCommand[]): readonly WriteOutcome[] {
    const result = writer.commit(group);
    if (result.kind === 'failed') throw result.error;
    return result.outcomes;
  }

  it('lets a write see what an earlier one of its group has staged', () => {
    const [first, second] = [proposed(1), proposed(2)];
    const outcomes = commit(
      append('s', 'no-stream', first),
      append('s', 'no-stream', proposed(3)),
      append('s', 0, second),
      append('s', 'no-stream', first, second),
      append('s', 'any', second),
      append('s', 5, proposed(4)),
    );
    expect(outcomes.map((o) => (o.kind === 'done' ? o.revision : o))).toEqual([
      0,
      { kind: 'wrong-expected-version', current: 0 },
      1,
      1,
      1,
      { kind: 'wrong-expected-version', current: 1 },
    ]);
    expect(outcomes[3]).toEqual(outcomes[2]);
    expect(heads.get('s').last).toBe(1);
  });

  it('gives contiguous revisions to an append and positions that grow by the size of each event', () => {
    commit(append('s', 'any', proposed('a'), proposed('b'.repeat(500)), proposed('c')));
    const events = reader.allPage({ first: 0, last: 1e9 }, false);
    expect(events.map((e) => e.revision)).toEqual([0, 1, 2]);
    const [a, b, c] = events.map((e) => e.position);
    expect([a, (b ?? 0) > (a ?? 0) + 1, (c ?? 0) > (b ?? 0) + 500]).toEqual([1, true, true]);
  });

  it('does not carry out a write whose deadline has passed', () => {
    const late = { ...append('s', 'any', proposed(1)), deadlineMs: 999 };
    expect(commit(late, append('t', 'any', proposed(2)))).toMatchObject([{ kind: 'timeout' }, { kind: 'done' }]);
    expect(heads.get('s').last).toBe(-1);
  });

  it('drops the whole group, in the file and in memory, when it cannot be committed', () => {
    const kept = proposed('kept');
    commit(append('s', 'no-stream', kept));
    const before = { position: writer.lastPosition, pages: Number(db.pragma('page_count', { simple: true })) };
    db.pragma(`max_page_count = ${String(before.pages + 4)}`);
    const lost = proposed('x'.repeat(60_000), { type: 'lost.v1' });
    const result = writer.commit([append('s', 0, proposed(1)), append('new', 'no-stream', lost)]);
    expect(result).toMatchObject({ kind: 'failed', error: { code: 'SQLITE_FULL' } });
    expect(writer.lastPosition).toBe(before.position);
    expect([heads.get('s').last, heads.get('new').last, heads.get('new').key]).toEqual([0, -1, undefined]);
    expect(reader.allPage({ first: 0, last: 1e9 }, false)).toHaveLength(1);

    db.pragma('max_page_count = 1000000');
    const outcomes = commit(append('new', 'any', lost), append('s', 'no-stream', kept), append('s', 0, proposed(2)));
    expect(outcomes).toMatchObject([{ revision: 0 }, { revision: 0, position: before.position }, { revision: 1 }]);
    const [first, second] = reader.allPage({ first: 0, last: 1e9 }, false);
    expect([first?.id.equals(kept.id), second?.type.name, second?.stream.name]).toEqual([true, 'lost.v1', 'new']);
    expect(() => readTail(db)).not.toThrow();
  });

  it('writes nothing for an append without events, and says a position between the events around it', () => {
    commit(append('s', 'any', proposed(1)));
    const [nothing, refused] = commit(append('s', 0), append('s', 'no-stream'));
    expect(refused).toEqual({ kind: 'wrong-expected-version', current: 0 });
    const before = writer.lastPosition;
    commit(append('s', 0, proposed(2)));
    expect(nothing).toMatchObject({ kind: 'done', revision: 0 });
    const position = nothing?.kind === 'done' ? nothing.position : undefined;
    expect(position).toBeGreaterThan(before);
    expect(position).toBeLessThan(writer.lastPosition);
    expect(reader.allPage({ first: 0, last: 1e9 }, false)).toHaveLength(2);
  });

  it('never lets the clock of the log run backwards', () => {
    commit(append('s', 'any', proposed(1)));
    now = 500;
    commit(append('s', 'any', proposed(2)));
    expect(reader.allPage({ first: 0, last: 1e9 }, false).map((e) => e.createdMs)).toEqual([1_000, 1_000]);
  });

  it('says which streams a group changed', () => {
    const result = writer.commit([append('a', 'any', proposed(1)), append('b', 7, proposed(1))]);
    expect(result).toMatchObject({ kind: 'committed', changed: new Set(['a']) });
  });
});

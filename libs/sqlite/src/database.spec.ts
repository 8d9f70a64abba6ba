import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './database';
import { hasCode } from './error';

describe('Database', () => {
  let directory: string;
  let db: Database;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cairn-sqlite-'));
    db = new Database(join(directory, 'file.sqlite'));
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE, c TEXT NOT NULL)');
  });

  afterEach(() => {
    db.close();
    rmSync(directory, { recursive: true });
  });

  const insert = (a: number, b: unknown, c: unknown): void => {
    db.prepare('INSERT INTO t VALUES (?, ?, ?)').run(a, b, c);
  };

  const fails = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };

  it.each([null, 0, -1, 2 ** 53 - 1, 1.5, '', 'ü\u{1F600}', 'a\u0000b', Buffer.alloc(0), Buffer.from([0, 255])])(
    'gives back what it was given: %p',
    (value) => {
      insert(1, value, 'x');
      const { b } = db.prepare<[], { b: unknown }>('SELECT b FROM t').get() ?? {};
      expect(b).toEqual(value);
      expect(Buffer.isBuffer(b)).toBe(Buffer.isBuffer(value));
      const [[cell] = []] = db.prepare('SELECT b FROM t').raw().all();
      expect(cell).toEqual(value);
      expect(Buffer.isBuffer(cell)).toBe(Buffer.isBuffer(value));
    },
  );

  it('gives blobs that outlive their statement, each on memory of its own', () => {
    for (const a of [1, 2]) insert(a, Buffer.from([a, a]), 'x');
    const rows = [...db.prepare<[], { b: Buffer }>('SELECT b FROM t ORDER BY a').iterate()];
    db.close();
    expect(rows.map(({ b }) => b.toString('hex'))).toEqual(['0101', '0202']);
  });

  it('refuses an integer that no number of JavaScript is', () => {
    db.exec("INSERT INTO t VALUES (1, 9007199254740993, 'x')");
    expect(() => db.prepare('SELECT b FROM t').get()).toThrow(/too large|out of range/i);
  });

  it('names the errors of SQLite', () => {
    insert(1, 1, 'x');
    const file = join(directory, 'text');
    writeFileSync(file, 'this is no database, however long its only line may be made '.repeat(20));
    const text = new Database(file);
    const tiny = (): void => {
      db.pragma('max_page_count = 1');
      for (let a = 10; a < 100; a += 1) insert(a, a, 'x'.repeat(4_096));
    };
    expect([
      fails(() => db.prepare('SELECT nothing FROM t')),
      fails(() => db.exec('nonsense')),
      fails(() => {
        insert(2, 1, 'x');
      }),
      fails(() => {
        insert(1, 2, 'x');
      }),
      fails(() => {
        insert(2, 2, null);
      }),
      fails(() => [...db.prepare('SELECT abs(-9223372036854775808)').iterate()]),
      fails(tiny),
      fails(() => text.pragma('user_version')),
      fails(() => new Database(join(directory, 'no', 'file'))),
      fails(() => new Database(join(directory, 'missing'), { readonly: true })),
    ]).toEqual([
      expect.objectContaining({ code: 'SQLITE_ERROR' }),
      expect.objectContaining({ code: 'SQLITE_ERROR' }),
      expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }),
      expect.objectContaining({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }),
      expect.objectContaining({ code: 'SQLITE_CONSTRAINT_NOTNULL' }),
      expect.objectContaining({ code: 'SQLITE_ERROR' }),
      expect.objectContaining({ code: 'SQLITE_FULL' }),
      expect.objectContaining({ code: 'SQLITE_NOTADB' }),
      expect.objectContaining({ code: 'SQLITE_CANTOPEN' }),
      expect.objectContaining({ code: 'SQLITE_CANTOPEN' }),
    ]);
    text.close();
  });

  it('waits for a lock as long as it was told, and then says that it is taken', () => {
    const other = new Database(db.name, { timeout: 50 });
    db.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    expect(
      hasCode(
        fails(() => other.exec('BEGIN IMMEDIATE')),
        'SQLITE_BUSY',
      ),
    ).toBe(true);
    expect(performance.now() - began).toBeGreaterThanOrEqual(45);
    other.close();
  });

  it('commits all of a transaction or nothing, also where SQLite has rolled back by itself', () => {
    db.transaction(() => {
      insert(1, 1, 'x');
    });
    const failing = (sql: string) => () => {
      db.transaction(() => {
        insert(2, 2, 'x');
        db.exec(sql);
      });
    };
    expect(failing('INSERT INTO t VALUES (3, 1, 1)')).toThrow(/UNIQUE/);
    expect(failing('INSERT OR ROLLBACK INTO t VALUES (3, 1, 1)')).toThrow(/UNIQUE/);
    expect(db.inTransaction).toBe(false);
    expect(db.prepare('SELECT a FROM t').raw().all()).toEqual([[1]]);
  });

  it('ends the reading of a loop that is left early', () => {
    for (const a of [1, 2, 3]) insert(a, a, 'x');
    for (const row of db.prepare<[], { a: number }>('SELECT a FROM t').iterate()) if (row.a === 2) break;
    expect(() => db.exec('DROP TABLE t')).not.toThrow(); // refused while something reads
  });

  it('reads from a file that it may not change', () => {
    insert(1, 1, 'x');
    db.close();
    const { mtimeMs } = statSync(db.name);
    const reader = new Database(db.name, { readonly: true });
    expect(reader.pragma('user_version', { simple: true })).toBe(0);
    expect(reader.prepare('SELECT a FROM t').raw().all()).toEqual([[1]]);
    expect(fails(() => reader.exec('DELETE FROM t'))).toMatchObject({ code: 'SQLITE_READONLY' });
    reader.close();
    reader.close();
    expect(statSync(db.name).mtimeMs).toBe(mtimeMs);
  });
});

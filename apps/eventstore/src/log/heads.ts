import type { Database, Statement } from '@cairn/sqlite';
import { GenerationalCache } from '@cairn/cache';
import { DELETED_TRUNCATE_BEFORE, TOMBSTONE_REVISION, isMetastream, originalOf, type StreamName } from './events';
import { isCacheable, type Names } from './names';
import { KEEP_ALL, KEEP_LATEST, type Retention } from './stream-metadata';

const CACHED_HEADS = 100_000;

/** Where a stream stands. Look it up by name for each use: a copy kept aside goes stale. */
export interface StreamHead {
  readonly name: string;
  /** Undefined until the stream (or its metadata) is first written. */
  readonly key: StreamName | undefined;
  /** Last revision, -1 without events. */
  readonly last: number;
  readonly tombstoned: boolean;
  readonly retention: Retention;
}

interface StreamRow {
  readonly max_count: number | null;
  readonly max_age_s: number | null;
  readonly truncate_before: number | null;
}

/** The stream was deleted in the way that lets it come back. */
export function isSoftDeleted(head: StreamHead): boolean {
  return head.retention.truncateBefore === DELETED_TRUNCATE_BEFORE;
}

/** The first revision that `$tb` and `$maxCount` leave visible. */
export function firstVisible(head: StreamHead): number {
  const { maxCount, truncateBefore } = head.retention;
  return maxCount === undefined ? truncateBefore : Math.max(truncateBefore, head.last - maxCount + 1);
}

/** A stream that is not there. */
export function neverWritten(name: string): StreamHead {
  const retention = isMetastream(name) ? KEEP_LATEST : KEEP_ALL;
  return { name, key: undefined, last: -1, tombstoned: false, retention };
}

/** The heads of streams, read through a bounded cache. Changes are staged with a group and dropped when it fails. */
export class Heads {
  private readonly cache = new GenerationalCache<string, StreamHead>(CACHED_HEADS);
  private staged = new Set<string>();
  private readonly selectRow: Statement<[number], StreamRow>;
  private readonly selectLast: Statement<[number], { rev: number }>;
  private readonly updateRetention: Statement<[number | null, number | null, number | null, number]>;

  constructor(
    db: Database,
    private readonly names: Names,
  ) {
    this.selectRow = db.prepare('SELECT max_count, max_age_s, truncate_before FROM streams WHERE sid = ?');
    this.selectLast = db.prepare('SELECT rev FROM events WHERE sid = ? ORDER BY rev DESC LIMIT 1');
    this.updateRetention = db.prepare(
      'UPDATE streams SET max_count = ?, max_age_s = ?, truncate_before = ? WHERE sid = ?',
    );
  }

  get(name: string): StreamHead {
    const head = this.cache.get(name) ?? this.loaded(name);
    // A tombstone buries the metadata together with the stream.
    const buried = isMetastream(name) && !head.tombstoned && this.get(originalOf(name)).tombstoned;
    return buried ? { ...head, tombstoned: true } : head;
  }

  /** Records a change that belongs to the running group. */
  stage(head: StreamHead): void {
    this.cache.set(head.name, head);
    this.staged.add(head.name);
  }

  /** Stages the retention rules of a stream and writes them to its row, in the running transaction. */
  stageRetention(name: string, retention: Retention): void {
    const key = this.names.obtainStream(name);
    const { maxCount, maxAgeSeconds, truncateBefore } = retention;
    this.updateRetention.run(maxCount ?? null, maxAgeSeconds ?? null, truncateBefore, key.sid);
    this.stage({ ...this.get(name), key, retention });
  }

  /** The names of the streams that the group changed; call it once, after COMMIT. */
  commit(): ReadonlySet<string> {
    const changed = this.staged;
    for (const name of changed) if (!isCacheable(name)) this.cache.delete(name);
    this.staged = new Set();
    return changed;
  }

  /** The group failed: forgets the staged state and reads it again from the file. */
  rollback(): void {
    for (const name of this.staged) this.cache.delete(name);
    this.staged = new Set();
  }

  private loaded(name: string): StreamHead {
    const head = this.load(name);
    if (isCacheable(name)) this.cache.set(name, head);
    return head;
  }

  private load(name: string): StreamHead {
    const key = this.names.findStream(name);
    if (key === undefined) return neverWritten(name);
    const last = this.selectLast.get(key.sid)?.rev ?? -1;
    const row = this.selectRow.get(key.sid);
    const explicit: Retention = {
      maxCount: row?.max_count ?? undefined,
      maxAgeSeconds: row?.max_age_s ?? undefined,
      truncateBefore: row?.truncate_before ?? 0,
    };
    const retention = isMetastream(name) ? KEEP_LATEST : explicit;
    return { name, key, last, tombstoned: last === TOMBSTONE_REVISION, retention };
  }
}

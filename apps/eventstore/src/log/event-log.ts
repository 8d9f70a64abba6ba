import { statSync } from 'node:fs';
import { say, type SpaceReserve } from '@cairn/os';
import type { Database } from '@cairn/sqlite';
import { bootstrapEvents, nextEpoch } from './bootstrap';
import type { AppendCommand, WriteCommand, WriteOutcome } from './commands';
import { CommitSignal } from './commit-signal';
import { lockDirectory } from './directory-lock';
import { isInMemory } from './events';
import { GroupWriter, type GroupResult } from './group-writer';
import type { StoreIdentity } from './identity';
import { Heads, neverWritten, type StreamHead } from './heads';
import { Names } from './names';
import { LogReader } from './reader';
import { RecentIds } from './recent-ids';
import { Scavenger, type Scavenged } from './scavenge';
import { ensureDirectory, openDatabase } from './schema';
import { readTail } from './tail';
import { isOutOfSpace, isPassing, reasonOf } from './write-failures';

/** A write that comes so soon after a commit was sent while that was under way. */
const CROWDED_MS = 0.6;
const CROWD_WAIT_MS = 1;

/** Bounds of one commit group: they bound the time that one COMMIT may take. */
const GROUP_WRITES = 2_000;
const GROUP_BYTES = 8 * 1024 * 1024;

/** Events whose ids are remembered again at start, for writers that repeat a write over a restart. */
const SEEDED_IDS = 2_000;

/** A second scavenge at the same time would only get in the way of the first. */
export class ScavengeRunningError extends Error {
  constructor() {
    super('a scavenge is running already');
    this.name = 'ScavengeRunningError';
  }
}

interface QueuedWrite {
  readonly command: WriteCommand;
  readonly bytes: number;
  readonly done: (outcome: WriteOutcome) => void;
}

export interface EventLogOptions {
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told when the file can no longer be trusted (I/O error, corruption): the server should stop. */
  readonly onFatal?: (error: unknown) => void;
  /** Space that is kept for this log; none unless given. */
  readonly reserve?: SpaceReserve;
  /** Told what became of each group of writes. */
  readonly onGroup?: (group: readonly WriteCommand[], result: GroupResult) => void;
}

/**
 * The durable log: one directory, one SQLite file, one writer. Writes are queued and committed in groups; an event can
 * be read, and its writer is told, only after the COMMIT that fsynced it.
 */
export class EventLog {
  readonly signal = new CommitSignal();
  readonly reader: LogReader;
  private readonly heads: Heads;
  private readonly names: Names;
  private readonly writer: GroupWriter;
  private queue: QueuedWrite[] = [];
  private scheduled = false;
  /** When a group of several was last committed. */
  private crowdAt = -Infinity;
  private closed = false;
  private scavenging = false;
  private outOfSpace = false;

  private constructor(
    private readonly db: Database,
    private readonly release: () => void,
    private readonly options: EventLogOptions,
  ) {
    const names = new Names(db);
    this.names = names;
    const recentIds = new RecentIds();
    this.heads = new Heads(db, names);
    this.reader = new LogReader(db, names);
    const now = (): number => this.now();
    this.writer = new GroupWriter({ db, names, heads: this.heads, reader: this.reader, recentIds, now }, readTail(db));
    seedRecentIds(db, recentIds);
  }

  /**
   * Opens (or makes) the log of a directory and takes the directory for this process.
   * @throws DirectoryLockedError when another server has it
   * @throws DamagedLogError when the end of the log was altered
   */
  static open(options: EventLogOptions): EventLog {
    ensureDirectory(options.directory);
    const release = lockDirectory(options.directory);
    let db: Database | undefined;
    try {
      db = openDatabase(options.directory);
      const log = new EventLog(db, release, options);
      log.bootstrap();
      return log;
    } catch (error) {
      db?.close();
      release();
      throw error;
    }
  }

  /** Position of the last committed event. */
  get lastPosition(): number {
    return this.writer.lastPosition;
  }

  /** Where the next event will begin. */
  get end(): number {
    return this.writer.end;
  }

  /** True while the last write found no space left. */
  get isReadOnly(): boolean {
    return this.outOfSpace;
  }

  /** Bytes of the log's files: of the log itself, and of its write-ahead log. */
  fileSizes(): Readonly<Record<'log' | 'wal', number>> {
    const size = (suffix: string): number => statSync(`${this.db.name}${suffix}`, { throwIfNoEntry: false })?.size ?? 0;
    return { log: size(''), wal: size('-wal') };
  }

  /** Milliseconds since 1970, by the clock that says how old an event is. */
  now(): number {
    return (this.options.now ?? Date.now)();
  }

  /** Where a stream stands, as committed. */
  head(stream: string): StreamHead {
    return this.heads.get(stream);
  }

  /** Where a stream stands for its readers: to them `$mem-…` is a statistic that the server keeps in memory, and none is. */
  readHead(stream: string): StreamHead {
    return isInMemory(stream) ? neverWritten(stream) : this.heads.get(stream);
  }

  /** Names of all streams that begin with a prefix, also of deleted ones. */
  streamNames(prefix: string): readonly string[] {
    return this.names.withPrefix(prefix);
  }

  /** Queues a write for the next group. `done` is called exactly once, never before this returns. */
  write(command: WriteCommand, done: (outcome: WriteOutcome) => void): void {
    this.queue.push({ command, bytes: command.kind === 'append' ? payloadBytes(command) : 0, done });
    this.schedule();
  }

  /** Begins the next epoch of the store, after a restore; durable when this returns. */
  beginEpoch(): StoreIdentity {
    const { identity, event } = nextEpoch(this.db);
    const result = this.writer.commit([event]);
    if (result.kind === 'failed') throw result.error;
    return identity;
  }

  /**
   * Removes what deletes and retention hide; appends and reads go on meanwhile.
   * @throws ScavengeRunningError when one is running already
   */
  async scavenge(): Promise<Scavenged> {
    if (this.scavenging) throw new ScavengeRunningError();
    this.scavenging = true;
    try {
      const { db, heads } = this;
      const scavenger = new Scavenger({ db, heads, now: () => this.now(), lastPosition: () => this.lastPosition });
      return await scavenger.run(async () => {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (this.closed) throw new Error('the event store is shutting down');
      });
    } finally {
      this.scavenging = false;
    }
  }

  /** Fails queued writes, closes the file and releases the directory. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.fail(this.queue.splice(0), 'the event store is shutting down');
    this.db.close();
    this.release();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const drain = (): void => {
      this.drain();
    };
    // What arrives in the same turn of the event loop shares one fsync. Who comes on the heels of a group of several is
    // not alone: a moment later others are there, and half as many commits are half the work. Who is alone never waits.
    if (performance.now() - this.crowdAt < CROWDED_MS) setTimeout(drain, CROWD_WAIT_MS);
    else setImmediate(drain);
  }

  private drain(): void {
    this.scheduled = false;
    const group = this.nextGroup();
    if (this.closed) this.fail(group, 'the event store is shutting down');
    if (this.closed || group.length === 0) return;
    if (this.queue.length > 0) this.schedule();
    const commands = group.map((queued) => queued.command);
    const result = this.commit(commands);
    if (group.length > 1) this.crowdAt = performance.now();
    this.tell(commands, result);
    if (result.kind === 'failed') {
      this.outOfSpace = isOutOfSpace(result.error);
      this.fail(group, reasonOf(result.error));
      if (!isPassing(result.error)) this.options.onFatal?.(result.error);
      return;
    }
    if (result.events > 0) this.outOfSpace = false;
    void this.options.reserve?.fill();
    for (const [index, queued] of group.entries()) {
      const outcome = result.outcomes[index];
      if (outcome !== undefined) queued.done(outcome);
    }
    if (result.changed.size > 0) this.signal.publish(result.changed);
  }

  /** Commits a group; without space for it, gives up the reserve bit by bit. */
  private commit(commands: readonly WriteCommand[]): GroupResult {
    for (;;) {
      const result = this.writer.commit(commands);
      if (result.kind !== 'failed' || !isOutOfSpace(result.error)) return result;
      if (this.options.reserve?.spend() !== true) return result;
    }
  }

  private nextGroup(): readonly QueuedWrite[] {
    let bytes = 0;
    let size = 0;
    for (const queued of this.queue) {
      if (size >= GROUP_WRITES || (size > 0 && bytes + queued.bytes > GROUP_BYTES)) break;
      bytes += queued.bytes;
      size += 1;
    }
    if (size === this.queue.length) {
      const whole = this.queue;
      this.queue = [];
      return whole;
    }
    return this.queue.splice(0, size);
  }

  /** What counts groups must not end the store. */
  private tell(commands: readonly WriteCommand[], result: GroupResult): void {
    try {
      this.options.onGroup?.(commands, result);
    } catch (error) {
      say(`eventstore: a metric failed: ${String(error)}`);
    }
  }

  private fail(writes: readonly QueuedWrite[], reason: string): void {
    for (const queued of writes) queued.done({ kind: 'unavailable', reason });
  }

  private bootstrap(): void {
    if (this.lastPosition >= 0) return;
    const result = this.writer.commit(bootstrapEvents(this.db, this.now()));
    if (result.kind === 'failed') throw result.error;
  }
}

function payloadBytes(command: AppendCommand): number {
  let bytes = 0;
  for (const event of command.events) bytes += event.data.length + event.metadata.length;
  return bytes;
}

function seedRecentIds(db: Database, recentIds: RecentIds): void {
  const rows = db
    .prepare<[number], { pos: number; sid: number; rev: number; id: Buffer }>(
      'SELECT pos, sid, rev, id FROM events ORDER BY pos DESC LIMIT ?',
    )
    .all(SEEDED_IDS);
  for (const row of rows.reverse()) recentIds.stage(row.sid, row.id, row.rev, row.pos);
  recentIds.commit();
}

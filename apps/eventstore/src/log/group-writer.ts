import { randomUUID } from 'node:crypto';
import type { Database, Statement } from '@cairn/sqlite';
import type { AppendCommand, DeleteCommand, WriteCommand, WriteOutcome } from './commands';
import { decide, type StreamView, type Written } from './decide';
import {
  METADATA_TYPE,
  TOMBSTONE_REVISION,
  TOMBSTONE_TYPE,
  isMetastream,
  metastreamOf,
  originalOf,
  type ProposedEvent,
} from './events';
import { isSoftDeleted, type Heads, type StreamHead } from './heads';
import { canonicalBytes, chainHash, checksumOf, digestOf } from './hash-chain';
import type { Names } from './names';
import type { LogReader } from './reader';
import type { RecentIds } from './recent-ids';
import { DELETED_DOCUMENT, recreatedDocument, retentionOf } from './stream-metadata';
import type { LogTail } from './tail';
import { isVisible } from './visibility';

type EventColumns = [number, number, number, number, number, number, Buffer, Buffer, Uint8Array, Uint8Array, number];

/** The parts that the writer works on; all of them stage with the group. */
export interface WriterParts {
  readonly db: Database;
  readonly names: Names;
  readonly heads: Heads;
  readonly reader: LogReader;
  readonly recentIds: RecentIds;
  readonly now: () => number;
}

/** What became of a group: every outcome is final and durable, or the whole group left no trace. */
export type GroupResult = CommittedGroup | { readonly kind: 'failed'; readonly error: unknown };

export interface CommittedGroup {
  readonly kind: 'committed';
  readonly outcomes: readonly WriteOutcome[];
  readonly changed: ReadonlySet<string>;
  /** Events that were written, and by how much positions grew. */
  readonly events: number;
  readonly bytes: number;
  /** What the COMMIT took. */
  readonly seconds: number;
}

/**
 * Carries out groups of writes, each group in one transaction with one fsync. Decisions see what is staged in the same
 * group; when the COMMIT fails, the transaction and every staged change in memory are dropped together.
 */
export class GroupWriter {
  private staged: LogTail;
  private stagedEvents = 0;
  private readonly insertEvent: Statement<EventColumns>;
  private readonly beginGroup: Statement;
  private readonly endGroup: Statement;

  constructor(
    private readonly parts: WriterParts,
    private committed: LogTail,
  ) {
    this.staged = committed;
    this.insertEvent = parts.db.prepare(
      `INSERT INTO events (pos, sid, rev, type_id, json, created, id, hash, data, meta, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.beginGroup = parts.db.prepare('BEGIN IMMEDIATE');
    this.endGroup = parts.db.prepare('COMMIT');
  }

  /** Position of the last committed event, -1 for none. */
  get lastPosition(): number {
    return this.committed.position;
  }

  /** Where the next event will begin. */
  get end(): number {
    return this.committed.next;
  }

  /** Decides, writes and commits; returns after the fsync. */
  commit(group: readonly WriteCommand[]): GroupResult {
    const { names, heads, recentIds } = this.parts;
    try {
      this.stagedEvents = 0;
      this.beginGroup.run();
      const outcomes = group.map((command) => this.carryOut(command));
      const began = performance.now();
      this.endGroup.run();
      const seconds = (performance.now() - began) / 1_000;
      const bytes = this.staged.next - this.committed.next;
      this.committed = this.staged;
      names.commit();
      recentIds.commit();
      return { kind: 'committed', outcomes, changed: heads.commit(), events: this.stagedEvents, bytes, seconds };
    } catch (error) {
      this.rollback();
      return { kind: 'failed', error };
    }
  }

  private rollback(): void {
    const { db, names, heads, recentIds } = this.parts;
    this.staged = this.committed;
    names.rollback();
    heads.rollback();
    recentIds.rollback();
    // SQLite has already rolled back by itself after some errors (disk full, for one).
    if (db.inTransaction) db.exec('ROLLBACK');
  }

  private carryOut(command: WriteCommand): WriteOutcome {
    if (this.parts.now() > command.deadlineMs) return { kind: 'timeout' };
    return command.kind === 'append' ? this.append(command) : this.remove(command);
  }

  private append(command: AppendCommand): WriteOutcome {
    const head = this.parts.heads.get(command.stream);
    const decision = decide(
      command.expected,
      command.events.map((event) => event.id),
      this.viewOf(head),
    );
    if (decision.kind === 'stream-deleted') return decision;
    if (decision.kind === 'wrong-expected-version') return { kind: decision.kind, current: head.last };
    if (decision.kind === 'repeat') return this.repeated(head, decision.written);
    const revived = this.revivedBy(command.stream, head);
    if (revived !== undefined && this.isTombstoned(metastreamOf(revived.name))) return { kind: 'stream-deleted' };
    const position = this.staged.next - 1;
    const written = this.write(command.stream, command.events);
    if (revived !== undefined) this.recreate(revived);
    // Upstream writes an invisible record, whose position this stands for: behind the last event, before the next one.
    return done(written ?? { revision: head.last, position });
  }

  private remove(command: DeleteCommand): WriteOutcome {
    const head = this.parts.heads.get(command.stream);
    const view = this.viewOf(head);
    if (head.tombstoned) return { kind: 'stream-deleted' };
    // Upstream buries streams that never were, but deletes only what is there.
    if (command.kind === 'delete' && head.last < 0 && !view.hasMetadata())
      return { kind: 'wrong-expected-version', current: -1 };
    const id = freshId();
    const decision = decide(command.expected, [id], view);
    if (decision.kind === 'stream-deleted') return decision;
    if (decision.kind !== 'accept') return { kind: 'wrong-expected-version', current: head.last };
    if (command.kind === 'tombstone') return done({ revision: head.last, position: this.bury(head, id) });
    if (this.isTombstoned(metastreamOf(command.stream))) return { kind: 'stream-deleted' };
    return done({ revision: head.last, position: this.writeMetadata(command.stream, DELETED_DOCUMENT) });
  }

  /** A repeat of what is hidden by now is told without its position, as upstream. */
  private repeated(head: StreamHead, { revision, position }: Written): WriteOutcome {
    const { now, reader } = this.parts;
    const event = reader.at(position);
    const visible = event !== undefined && isVisible(head, event, now());
    return done({ revision, position: visible ? position : undefined });
  }

  /** The soft-deleted stream that an append to this one brings back: itself, or the one that it describes. */
  private revivedBy(stream: string, head: StreamHead): StreamHead | undefined {
    if (isSoftDeleted(head)) return head;
    const described = isMetastream(stream) ? this.parts.heads.get(originalOf(stream)) : undefined;
    return described !== undefined && isSoftDeleted(described) ? described : undefined;
  }

  /** Nothing can be written behind a tombstone, not even by the server itself. */
  private isTombstoned(stream: string): boolean {
    return this.parts.heads.get(stream).tombstoned;
  }

  private viewOf(head: StreamHead): StreamView {
    const { heads, reader, recentIds } = this.parts;
    const sid = head.key?.sid;
    return {
      last: head.last,
      tombstoned: head.tombstoned,
      softDeleted: isSoftDeleted(head),
      hasMetadata: () => heads.get(metastreamOf(head.name)).last >= 0,
      recent: (id) => recentIds.find(sid, id),
      matches: (revision, id) => {
        const event = sid === undefined ? undefined : reader.atRevision(sid, revision);
        return event?.id.equals(id) === true ? { revision, position: event.position } : undefined;
      },
    };
  }

  /** Writes events behind the stream's last one; undefined when there are none. Metadata takes effect at once. */
  private write(stream: string, events: readonly ProposedEvent[]): Written | undefined {
    const last = events.at(-1);
    if (last === undefined) return undefined;
    const first = this.parts.heads.get(stream).last + 1;
    let position = -1;
    for (const [index, event] of events.entries()) position = this.insert(stream, first + index, event);
    const revision = first + events.length - 1;
    this.parts.heads.stage({
      ...this.parts.heads.get(stream),
      key: this.parts.names.obtainStream(stream),
      last: revision,
    });
    if (isMetastream(stream)) this.applyMetadata(originalOf(stream), last);
    return { revision, position };
  }

  private applyMetadata(stream: string, document: ProposedEvent): void {
    if (!isMetastream(stream)) this.parts.heads.stageRetention(stream, retentionOf(document));
  }

  /**
   * Writes the metadata of a stream that was soft-deleted once more, with a `$tb` that hides what was deleted; where it
   * is no JSON object it stays as it is (StorageWriterService.SoftUndeleteStream).
   */
  private recreate({ name, last }: StreamHead): void {
    const meta = this.parts.heads.get(metastreamOf(name));
    const newest = meta.key === undefined ? undefined : this.parts.reader.atRevision(meta.key.sid, meta.last);
    const document = newest === undefined ? undefined : recreatedDocument(newest.data, last + 1);
    if (document !== undefined) this.writeMetadata(name, document);
  }

  private bury(head: StreamHead, id: Buffer): number {
    const event = { id, type: TOMBSTONE_TYPE, json: false, data: Buffer.alloc(0), metadata: Buffer.alloc(0) };
    const position = this.insert(head.name, TOMBSTONE_REVISION, event);
    const key = this.parts.names.obtainStream(head.name);
    this.parts.heads.stage({ ...head, key, last: TOMBSTONE_REVISION, tombstoned: true });
    return position;
  }

  private writeMetadata(stream: string, data: Buffer): number {
    const event = { id: freshId(), type: METADATA_TYPE, json: true, data, metadata: Buffer.alloc(0) };
    const written = this.write(metastreamOf(stream), [event]);
    return written?.position ?? this.staged.position;
  }

  private insert(streamName: string, revision: number, event: ProposedEvent): number {
    const { names, recentIds, now } = this.parts;
    const stream = names.obtainStream(streamName);
    const type = names.obtainType(event.type);
    const { id, json, data, metadata } = event;
    const createdMs = Math.max(this.staged.createdMs, now());
    const position = this.staged.next;
    const record = {
      position,
      revision,
      createdMs,
      json,
      id,
      stream: stream.bytes,
      type: type.bytes,
      data,
      metadata,
    };
    const canonical = canonicalBytes(record);
    const hash = chainHash(this.staged.hash, digestOf(canonical));
    const [flag, sum] = [json ? 1 : 0, checksumOf(canonical)];
    this.insertEvent.run(position, stream.sid, revision, type.id, flag, createdMs, id, hash, data, metadata, sum);
    recentIds.stage(stream.sid, id, revision, position);
    this.staged = { position, next: position + canonical.length, hash, createdMs };
    this.stagedEvents += 1;
    return position;
  }
}

function done({ revision, position }: { revision: number; position: number | undefined }): WriteOutcome {
  return { kind: 'done', revision, position };
}

/** The 16 bytes of a new random UUID. */
export function freshId(): Buffer {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
}

import type { Database, Statement } from '@cairn/sqlite';
import { GenerationalCache } from '@cairn/cache';
import type { EventType, StreamName } from './events';

const CACHED_NAMES = 100_000;
/** Longer names are not kept in memory: a client may make as many as it likes. */
const LONGEST_CACHED = 4_096;

/** Whether a name is worth its place in a cache. */
export function isCacheable(name: string): boolean {
  return name.length <= LONGEST_CACHED;
}

/**
 * Stream and type names by their row ids and back, through bounded caches. New names are inserted inside the caller's
 * transaction; when that fails the caller must {@link Names.rollback}.
 */
export class Names {
  private readonly streamsById = new GenerationalCache<number, StreamName>(CACHED_NAMES);
  private readonly streamIds = new GenerationalCache<string, StreamName>(CACHED_NAMES);
  private readonly typesById = new GenerationalCache<number, EventType>(CACHED_NAMES);
  private readonly typeIds = new GenerationalCache<string, EventType>(CACHED_NAMES);
  private stagedStreams: StreamName[] = [];
  private stagedTypes: EventType[] = [];
  private readonly selectStream: Statement<[number], { name: string }>;
  private readonly selectSid: Statement<[string], { sid: number }>;
  private readonly selectPrefix: Statement<[string, string], { name: string }>;
  private readonly insertStream: Statement<[string]>;
  private readonly selectType: Statement<[number], { name: string }>;
  private readonly selectTypeId: Statement<[string], { type_id: number }>;
  private readonly insertType: Statement<[string]>;

  constructor(db: Database) {
    this.selectStream = db.prepare('SELECT name FROM streams WHERE sid = ?');
    this.selectSid = db.prepare('SELECT sid FROM streams WHERE name = ?');
    this.selectPrefix = db.prepare('SELECT name FROM streams WHERE name >= ? AND name < ? ORDER BY name');
    this.insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.selectType = db.prepare('SELECT name FROM types WHERE type_id = ?');
    this.selectTypeId = db.prepare('SELECT type_id FROM types WHERE name = ?');
    this.insertType = db.prepare('INSERT INTO types (name) VALUES (?)');
  }

  /** @throws Error when the row is missing: an event that names no stream means a damaged file. */
  stream(sid: number): StreamName {
    const cached = this.streamsById.get(sid);
    if (cached !== undefined) return cached;
    const row = this.selectStream.get(sid);
    if (row === undefined) throw new Error(`damaged log: stream ${String(sid)} has no name`);
    return this.rememberStream(sid, row.name);
  }

  /** The stream of that name, if it was ever written to. */
  findStream(name: string): StreamName | undefined {
    const cached = this.streamIds.get(name);
    if (cached !== undefined) return cached;
    const row = this.selectSid.get(name);
    return row === undefined ? undefined : this.rememberStream(row.sid, name);
  }

  /** Names of all streams that begin with a prefix, in order. */
  withPrefix(prefix: string): readonly string[] {
    return this.selectPrefix.all(prefix, `${prefix}\u{10FFFF}`).map(({ name }) => name);
  }

  /** The stream of that name, made when it is new. */
  obtainStream(name: string): StreamName {
    const found = this.findStream(name);
    if (found !== undefined) return found;
    const made = this.rememberStream(Number(this.insertStream.run(name).lastInsertRowid), name);
    this.stagedStreams.push(made);
    return made;
  }

  /** @throws Error when the row is missing: an event without a type means a damaged file. */
  type(id: number): EventType {
    const cached = this.typesById.get(id);
    if (cached !== undefined) return cached;
    const row = this.selectType.get(id);
    if (row === undefined) throw new Error(`damaged log: event type ${String(id)} has no name`);
    return this.rememberType(id, row.name);
  }

  /** The type of that name, made when it is new. */
  obtainType(name: string): EventType {
    const cached = this.typeIds.get(name);
    if (cached !== undefined) return cached;
    const row = this.selectTypeId.get(name);
    if (row !== undefined) return this.rememberType(row.type_id, name);
    const made = this.rememberType(Number(this.insertType.run(name).lastInsertRowid), name);
    this.stagedTypes.push(made);
    return made;
  }

  /** The transaction that made the staged names is durable. */
  commit(): void {
    this.stagedStreams = [];
    this.stagedTypes = [];
  }

  /** The transaction is gone, and with it the rows of the names that it made. */
  rollback(): void {
    for (const stream of this.stagedStreams) {
      this.streamsById.delete(stream.sid);
      this.streamIds.delete(stream.name);
    }
    for (const type of this.stagedTypes) {
      this.typesById.delete(type.id);
      this.typeIds.delete(type.name);
    }
    this.commit();
  }

  private rememberStream(sid: number, name: string): StreamName {
    const stream: StreamName = { sid, name, bytes: Buffer.from(name) };
    if (!isCacheable(name)) return stream;
    this.streamsById.set(sid, stream);
    this.streamIds.set(name, stream);
    return stream;
  }

  private rememberType(id: number, name: string): EventType {
    const type: EventType = { id, name, bytes: Buffer.from(name) };
    if (!isCacheable(name)) return type;
    this.typesById.set(id, type);
    this.typeIds.set(name, type);
    return type;
  }
}

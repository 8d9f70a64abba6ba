/** An event as a client proposes it; nothing in it is trusted but its sizes, which the wire has already checked. */
export interface ProposedEvent {
  /** The 16 bytes of the event's UUID. */
  readonly id: Buffer;
  readonly type: string;
  /** True when the content type is `application/json`; everything else reads back as `application/octet-stream`. */
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** A stream's name with its row id and its UTF-8 bytes, which every encoded event carries. */
export interface StreamName {
  readonly sid: number;
  readonly name: string;
  readonly bytes: Buffer;
}

/** An event type's name with its row id and its UTF-8 bytes. */
export interface EventType {
  readonly id: number;
  readonly name: string;
  readonly bytes: Buffer;
}

/** A committed event. `position` is both commit and prepare position: increasing, not contiguous, never reused. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: StreamName;
  /** Contiguous from 0 in its stream; {@link TOMBSTONE_REVISION} for the record that ends a stream. */
  readonly revision: number;
  readonly id: Buffer;
  readonly type: EventType;
  readonly json: boolean;
  /** Milliseconds since 1970, by the store's clock, never decreasing along the log. */
  readonly createdMs: number;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

/** Stands for int64's maximum, which a JS number cannot hold; the wire translates it. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** Stands for int64's maximum as `$tb`, which means that the stream is soft-deleted; every other `$tb` is smaller. */
export const DELETED_TRUNCATE_BEFORE = Number.MAX_SAFE_INTEGER;

export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';
export const LINK_TYPE = '$>';

/** Bounds of one read from storage: the loop is never blocked for longer than such a page takes. */
export const PAGE_ROWS = 500;
export const PAGE_BYTES = 1024 * 1024;

/** The stream that holds a stream's metadata. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function isMetastream(stream: string): boolean {
  return stream.startsWith('$$');
}

/** The stream that a metastream describes. */
export function originalOf(metastream: string): string {
  return metastream.slice(2);
}

/** A stream of EventStoreDB's own that it keeps in memory: what is appended to it can be read in `$all` only. */
export function isInMemory(stream: string): boolean {
  return stream.startsWith('$mem-');
}

/** EventStoreDB's own records about its cluster and its persistent subscriptions, which `$all` does not show. */
export function isUnlisted(stream: string): boolean {
  return stream === '$epoch-information' || /^\$persistentsubscription-\$all::.*-(?:checkpoint|parked)$/s.test(stream);
}

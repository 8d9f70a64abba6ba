import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What the chain starts from: the hash "before" the first event of a log. */
export const CHAIN_ROOT = Buffer.alloc(32);

/** The parts of a stored event that its hash covers, all as stored. */
export interface ChainedRecord {
  readonly position: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly json: boolean;
  readonly id: Uint8Array;
  readonly stream: Uint8Array;
  readonly type: Uint8Array;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

const FIXED = 8 + 8 + 8 + 1 + 16 + 4 * 4;

/** Bytes of the canonical form; the log's positions advance by it, so that nobody counts with positions. */
export function canonicalSize(record: Pick<ChainedRecord, 'stream' | 'type' | 'data' | 'metadata'>): number {
  return FIXED + record.stream.length + record.type.length + record.data.length + record.metadata.length;
}

let scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * Position, revision and creation time as big-endian u64, the JSON flag as one byte, the 16 bytes of the id, then stream,
 * type, data and metadata, each behind its u32 length. What is returned holds until the next call.
 */
export function canonicalBytes(record: ChainedRecord): Buffer {
  const size = canonicalSize(record);
  if (scratch.length < size) scratch = Buffer.allocUnsafe(2 * size);
  writeU64(scratch, record.position, 0);
  writeU64(scratch, record.revision, 8);
  writeU64(scratch, record.createdMs, 16);
  scratch[24] = record.json ? 1 : 0;
  scratch.set(record.id, 25);
  let offset = 41;
  for (const part of [record.stream, record.type, record.data, record.metadata]) {
    offset = scratch.writeUInt32BE(part.length, offset);
    scratch.set(part, offset);
    offset += part.length;
  }
  return scratch.subarray(0, size);
}

/** sha256 of the canonical form. It outlives the event: when a scavenge removes one, its digest keeps the chain whole. */
export function digestOf(canonical: Buffer): Buffer {
  return hash('sha256', canonical, 'buffer');
}

const link = Buffer.allocUnsafe(64);

/** The hash of an event: sha256(hash of the event before || digest). */
export function chainHash(previous: Uint8Array, digest: Uint8Array): Buffer {
  link.set(previous, 0);
  link.set(digest, 32);
  return hash('sha256', link, 'buffer');
}

/** CRC-32 of the canonical form: what every read checks, because a flipped bit must not be served. */
export function checksumOf(canonical: Buffer): number {
  return crc32(canonical);
}

function writeU64(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), offset);
  target.writeUInt32BE(value % 2 ** 32, offset + 4);
}

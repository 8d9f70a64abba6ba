import { createHash } from 'node:crypto';

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
export function canonicalSize(record: Omit<ChainedRecord, 'position' | 'revision' | 'createdMs' | 'json'>): number {
  return FIXED + record.stream.length + record.type.length + record.data.length + record.metadata.length;
}

/**
 * sha256(previous hash || canonical record). The canonical record is: position, revision and creation time as big-endian
 * u64, the JSON flag as one byte, the 16 bytes of the id, then stream, type, data and metadata, each behind its u32 length.
 */
export function chainHash(previous: Uint8Array, record: ChainedRecord): Buffer {
  const head = Buffer.allocUnsafe(FIXED + record.stream.length + record.type.length);
  writeU64(head, record.position, 0);
  writeU64(head, record.revision, 8);
  writeU64(head, record.createdMs, 16);
  head[24] = record.json ? 1 : 0;
  head.set(record.id, 25);
  let offset = head.writeUInt32BE(record.stream.length, 41);
  head.set(record.stream, offset);
  offset = head.writeUInt32BE(record.type.length, offset + record.stream.length);
  head.set(record.type, offset);
  offset = head.writeUInt32BE(record.data.length, offset + record.type.length);
  const hash = createHash('sha256').update(previous).update(head.subarray(0, offset)).update(record.data);
  head.writeUInt32BE(record.metadata.length, offset);
  return hash
    .update(head.subarray(offset, offset + 4))
    .update(record.metadata)
    .digest();
}

function writeU64(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), offset);
  target.writeUInt32BE(value % 2 ** 32, offset + 4);
}

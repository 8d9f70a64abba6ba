import type { Qcow2Header } from './image-header';

/** Offsets in the entries of both tables (QEMU's docs/interop/qcow2.txt, "L1 table entry", "L2 table entry"). */
const OFFSET = 0x00ff_ffff_ffff_fe00n;
const COMPRESSED = 1n << 62n;
/** Larger than the table of a disk of 64 TiB; a larger one is not looked into. */
const MOST_L1_BYTES = 1024 ** 2;

interface Region {
  readonly offset: number;
  readonly length: number;
  readonly read: (table: Buffer) => void;
}

/**
 * How far the tables of a qcow2 image say that it reaches, found while its bytes come by, once and in order. A table that
 * lies before the one that names it has gone by unread: image tools do not write so.
 */
export class Qcow2Extent {
  private readonly clusterBytes: number;
  /** What is still to come, the next one last. */
  private wanted: Region[];
  private filled: Buffer | undefined;
  private at = 0;
  private reach = 0;

  constructor(private readonly header: Qcow2Header) {
    this.clusterBytes = 2 ** header.clusterBits;
    const length = header.l1Entries * 8;
    const isSound = length <= MOST_L1_BYTES && header.clusterBits >= 9 && header.clusterBits <= 21;
    const l1 = {
      offset: header.l1Offset,
      length,
      read: (table: Buffer) => {
        this.readL1(table);
      },
    };
    this.wanted = isSound && length > 0 ? [l1] : [];
  }

  write(chunk: Uint8Array): void {
    const end = this.at + chunk.byteLength;
    for (let next = this.wanted.at(-1); next !== undefined && next.offset < end; next = this.wanted.at(-1)) {
      if (next.offset < this.at && this.filled === undefined) {
        this.wanted.pop();
        continue;
      }
      const table = (this.filled ??= Buffer.alloc(next.length));
      const from = Math.max(next.offset, this.at);
      const to = Math.min(next.offset + next.length, end);
      table.set(chunk.subarray(from - this.at, to - this.at), from - next.offset);
      if (to < next.offset + next.length) break;
      this.filled = undefined;
      this.wanted.pop();
      next.read(table);
    }
    this.at = end;
  }

  /** Whether all that it names was there. Of the last cluster only a part may be in the file, as for `qemu-img check`. */
  isWhole(): boolean {
    return this.filled === undefined && this.reach - this.at < this.clusterBytes && this.wanted.length === 0;
  }

  private readL1(table: Buffer): void {
    const offsets = new Set<number>();
    for (let i = 0; i < table.length; i += 8) offsets.add(Number(table.readBigUInt64BE(i) & OFFSET));
    offsets.delete(0);
    const length = this.clusterBytes;
    this.wanted = [...offsets]
      .sort((a, b) => b - a)
      .map((offset) => ({
        offset,
        length,
        read: (l2) => {
          this.readL2(l2);
        },
      }));
  }

  private readL2(table: Buffer): void {
    for (let i = 0; i < table.length; i += this.header.extendedL2 ? 16 : 8) {
      const entry = table.readBigUInt64BE(i);
      if ((entry & COMPRESSED) === 0n) this.named(Number(entry & OFFSET), this.clusterBytes);
      else this.named(Number(entry & ((1n << BigInt(70 - this.header.clusterBits)) - 1n)), 1);
    }
  }

  private named(offset: number, bytes: number): void {
    if (offset > 0) this.reach = Math.max(this.reach, offset + bytes);
  }
}

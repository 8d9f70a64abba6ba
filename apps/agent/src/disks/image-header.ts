/** How many bytes `detectFormat` and `readQcow2Header` want to see. */
export const HEADER_BYTES = 4096;

const MAGIC: readonly (readonly [string, number, Uint8Array])[] = [
  ['qcow2', 0, Buffer.from('QFI\xfb', 'latin1')],
  ['qed', 0, Buffer.from('QED\0', 'latin1')],
  ['vmdk', 0, Buffer.from('KDMV', 'latin1')],
  ['vmdk', 0, Buffer.from('COWD', 'latin1')],
  ['vmdk', 0, Buffer.from('# Disk DescriptorFile', 'latin1')],
  ['vhdx', 0, Buffer.from('vhdxfile', 'latin1')],
  ['vhd', 0, Buffer.from('conectix', 'latin1')],
  ['vdi', 0x40, Buffer.from([0x7f, 0x10, 0xda, 0xbe])],
];

/**
 * The format that the first bytes tell; `raw` for any other. It looks and does not interpret: qemu-img's own probing
 * would open whatever other files a hostile header names.
 */
export function detectFormat(head: Uint8Array): string {
  const bytes = Buffer.from(head);
  const found = MAGIC.find(([, offset, magic]) => bytes.subarray(offset, offset + magic.length).equals(magic));
  return found === undefined ? 'raw' : found[0];
}

export interface Qcow2Header {
  readonly version: number;
  readonly virtualBytes: number;
  readonly hasBackingFile: boolean;
  readonly hasDataFile: boolean;
  readonly encrypted: boolean;
  readonly markedCorrupt: boolean;
  readonly clusterBits: number;
  /** The first of the two levels of tables that say where the data is. */
  readonly l1Offset: number;
  readonly l1Entries: number;
  /** Entries of the second level have 16 bytes instead of 8. */
  readonly extendedL2: boolean;
}

/** Reads a qcow2 header (QEMU's docs/interop/qcow2.txt); undefined when it is too short to be one. */
export function readQcow2Header(head: Uint8Array): Qcow2Header | undefined {
  const bytes = Buffer.from(head);
  if (bytes.length < 72 || detectFormat(bytes) !== 'qcow2') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version > 2 && bytes.length < 104) return undefined;
  const incompatible = version > 2 ? bytes.readBigUInt64BE(72) : 0n;
  return {
    version,
    virtualBytes: Number(bytes.readBigUInt64BE(24)),
    hasBackingFile: bytes.readBigUInt64BE(8) !== 0n,
    hasDataFile: (incompatible & 4n) !== 0n,
    encrypted: bytes.readUInt32BE(32) !== 0,
    markedCorrupt: (incompatible & 2n) !== 0n,
    clusterBits: bytes.readUInt32BE(20),
    l1Offset: Number(bytes.readBigUInt64BE(40)),
    l1Entries: bytes.readUInt32BE(36),
    extendedL2: (incompatible & 16n) !== 0n,
  };
}

/** Of an image that lost its end on the way. */
export const CUT_OFF = 'it is shorter than it should be: clusters behind its end are missing';

/** Why an image with this header cannot be used by a guest, in words for its owner; null when nothing speaks against it. */
export function faultOfQcow2(header: Qcow2Header | undefined): string | null {
  if (header === undefined) return 'its qcow2 header is cut off';
  if (header.version !== 2 && header.version !== 3) return `its qcow2 version ${String(header.version)} is not known`;
  if (header.clusterBits < 9 || header.clusterBits > 21) return 'its qcow2 header is not sound';
  // Either would let a guest read any file of the host (CVE-2015-5163, CVE-2024-32498).
  if (header.hasBackingFile) return 'it has a backing file; flatten it with qemu-img convert';
  if (header.hasDataFile) return 'its data is in another file; flatten it with qemu-img convert';
  if (header.encrypted) return 'it is encrypted';
  if (header.markedCorrupt) return 'it is marked as corrupt';
  if (header.virtualBytes === 0) return 'its virtual size is 0';
  return null;
}

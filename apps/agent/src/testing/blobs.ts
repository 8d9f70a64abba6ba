/** Images of a few clusters, as `qemu-img` would take or refuse them. */

const CLUSTER = 65_536;
const COPIED = 1n << 63n;

interface Qcow2 {
  readonly version?: number;
  readonly virtualBytes?: bigint;
  readonly backingFile?: bigint;
  readonly encryption?: number;
  readonly incompatible?: bigint;
}

/** Header, refcount table and block, both tables, and one cluster of data, each in a cluster of its own. */
function qcow2(of: Qcow2 = {}): Buffer {
  const { version = 3, virtualBytes = 2n ** 20n, backingFile = 0n, encryption = 0, incompatible = 0n } = of;
  const blob = Buffer.alloc(6 * CLUSTER);
  blob.write('QFI\xfb', 'latin1');
  blob.writeUInt32BE(version, 4);
  blob.writeBigUInt64BE(backingFile, 8);
  blob.writeUInt32BE(backingFile === 0n ? 0 : 8, 16);
  blob.writeUInt32BE(16, 20);
  blob.writeBigUInt64BE(virtualBytes, 24);
  blob.writeUInt32BE(encryption, 32);
  blob.writeUInt32BE(1, 36);
  blob.writeBigUInt64BE(BigInt(3 * CLUSTER), 40);
  blob.writeBigUInt64BE(BigInt(CLUSTER), 48);
  blob.writeUInt32BE(1, 56);
  blob.writeBigUInt64BE(incompatible, 72);
  blob.writeUInt32BE(4, 96); // refcounts of 2^4 bits
  blob.writeUInt32BE(104, 100);
  blob.writeBigUInt64BE(BigInt(2 * CLUSTER), CLUSTER);
  for (let i = 0; i < 6; i += 1) blob.writeUInt16BE(1, 2 * CLUSTER + 2 * i);
  blob.writeBigUInt64BE(BigInt(4 * CLUSTER) | COPIED, 3 * CLUSTER);
  blob.writeBigUInt64BE(BigInt(5 * CLUSTER) | COPIED, 4 * CLUSTER);
  return blob.fill('data of the guest', 5 * CLUSTER);
}

const starting = (magic: string, at = 0): Buffer => {
  const blob = Buffer.alloc(CLUSTER);
  blob.write(magic, at, 'latin1');
  return blob;
};

export const BLOBS = {
  nothing: Buffer.alloc(0),
  sectors: Buffer.alloc(CLUSTER, 'boots'),
  qcow2: qcow2(),
  'qcow2 of version 2': qcow2({ version: 2 }),
  'qcow2 of version 9': qcow2({ version: 9 }),
  'qcow2 of no size': qcow2({ virtualBytes: 0n }),
  'qcow2 without its last cluster': qcow2().subarray(0, 5 * CLUSTER),
  'qcow2 without its tables': qcow2().subarray(0, 3 * CLUSTER),
  'half a qcow2 header': qcow2().subarray(0, 50),
  'qcow2 with a backing file': qcow2({ backingFile: 512n }),
  'qcow2 with a data file': qcow2({ incompatible: 4n }),
  'qcow2 that is encrypted': qcow2({ encryption: 1 }),
  'qcow2 marked as corrupt': qcow2({ incompatible: 2n }),
  vmdk: starting('KDMV'),
  vhd: starting('conectix'),
  vhdx: starting('vhdxfile'),
  vdi: starting('\x7f\x10\xda\xbe', 0x40),
} as const;

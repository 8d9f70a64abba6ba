/** As small as qcow2 allows a virtual size to be told: clusters of 64 KiB, one level of tables, no data. */
const CLUSTER = 65_536;
const VIRTUAL_BYTES_PER_L1_ENTRY = (CLUSTER / 8) * CLUSTER;

/** A sound qcow2 image of that virtual size that reads as zeros. */
export function bareQcow2(virtualBytes: number): Buffer {
  const l1Entries = Math.ceil(virtualBytes / VIRTUAL_BYTES_PER_L1_ENTRY);
  const clusters = 3 + Math.max(1, Math.ceil((l1Entries * 8) / CLUSTER)); // header, two of reference counts, level 1
  const image = Buffer.alloc(clusters * CLUSTER);
  image.write('QFI\xfb', 0, 'latin1');
  image.writeUInt32BE(3, 4); // version
  image.writeUInt32BE(16, 20); // cluster bits
  image.writeBigUInt64BE(BigInt(virtualBytes), 24);
  image.writeUInt32BE(l1Entries, 36);
  image.writeBigUInt64BE(BigInt(3 * CLUSTER), 40); // level 1
  image.writeBigUInt64BE(BigInt(CLUSTER), 48); // table of reference counts
  image.writeUInt32BE(1, 56); // its clusters
  image.writeUInt32BE(4, 96); // reference counts of 16 bits
  image.writeUInt32BE(104, 100); // header length
  image.writeBigUInt64BE(BigInt(2 * CLUSTER), CLUSTER);
  for (let i = 0; i < clusters; i += 1) image.writeUInt16BE(1, 2 * CLUSTER + 2 * i);
  return image;
}

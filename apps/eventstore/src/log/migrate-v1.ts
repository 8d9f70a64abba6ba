import { createHash } from 'node:crypto';
import type { Database } from '@cairn/sqlite';
import { recordOf, type ChainRow } from './chain-walk';
import { DamagedLogError } from './damage';
import { CHAIN_ROOT, canonicalBytes, chainHash, checksumOf, digestOf } from './hash-chain';
import { REMOVED_TABLE } from './removed-table';

const PAGE = 1_000;

/**
 * Converts a log of version 0.1.0 in one transaction: each event gets a checksum, and the chain goes over digests, so
 * that a scavenge can remove content without breaking it. Positions, and with them the consumers' checkpoints, stay.
 * @throws DamagedLogError when the old chain does not hold: nothing is converted then
 */
export function migrateFromV1(db: Database): void {
  db.transaction(() => {
    db.exec('ALTER TABLE events ADD COLUMN sum INTEGER NOT NULL DEFAULT 0');
    db.exec(REMOVED_TABLE);
    convertChain(db);
    db.exec('PRAGMA user_version = 2');
  });
}

function convertChain(db: Database): void {
  const page = db.prepare<[number, number], ChainRow>(
    `SELECT events.*, streams.name AS stream, types.name AS type
     FROM events LEFT JOIN streams USING (sid) LEFT JOIN types USING (type_id) WHERE pos > ? ORDER BY pos LIMIT ?`,
  );
  const update = db.prepare<[Buffer, number, number]>('UPDATE events SET hash = ?, sum = ? WHERE pos = ?');
  let [oldHash, newHash] = [CHAIN_ROOT, CHAIN_ROOT] as [Buffer, Buffer];
  let position = -1;
  for (;;) {
    const rows = page.all(position, PAGE);
    for (const row of rows) {
      const canonical = canonicalBytes(recordOf(row));
      const expected = createHash('sha256').update(oldHash).update(canonical).digest();
      if (!expected.equals(row.hash)) throw new DamagedLogError(row.pos, 'does not match its hash');
      [oldHash, newHash, position] = [row.hash, chainHash(newHash, digestOf(canonical)), row.pos];
      update.run(newHash, checksumOf(canonical), row.pos);
    }
    if (rows.length < PAGE) return;
  }
}

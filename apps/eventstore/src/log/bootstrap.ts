import { randomUUID } from 'node:crypto';
import type { Database } from '@cairn/sqlite';
import type { AppendCommand } from './commands';
import { METADATA_TYPE, metastreamOf } from './events';
import { freshId } from './group-writer';
import { STORE_STREAM, readIdentity, type StoreIdentity } from './identity';

const SETTINGS_STREAM = '$settings';
const ADMINS_ONLY = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' };
const EVERYONE = { $r: '$all', $w: '$all', $d: '$all', $mr: '$all', $mw: '$all' };

/**
 * Names a new store and returns its first events. A real server's `$all` is never empty either; these say which store
 * this is (a restored copy keeps the id and gets a higher epoch) and who may do what by default.
 */
export function bootstrapEvents(db: Database, nowMs: number): readonly AppendCommand[] {
  const id = randomUUID();
  db.prepare('DELETE FROM store').run();
  db.prepare('INSERT INTO store (id, epoch, created) VALUES (?, 1, ?)').run(id, nowMs);
  return [
    append(metastreamOf(STORE_STREAM), METADATA_TYPE, { $acl: ADMINS_ONLY }),
    append(STORE_STREAM, '$store-created', { storeId: id, epoch: 1 }),
    append(SETTINGS_STREAM, '$settings', { $userStreamAcl: EVERYONE, $systemStreamAcl: ADMINS_ONLY }),
  ];
}

/** A restored copy becomes the next epoch of its store; readers of the log find the epoch in the stream of the store. */
export function nextEpoch(db: Database): { readonly identity: StoreIdentity; readonly event: AppendCommand } {
  const before = readIdentity(db);
  const identity = { ...before, epoch: before.epoch + 1 };
  db.prepare('UPDATE store SET epoch = ?').run(identity.epoch);
  return { identity, event: { ...append(STORE_STREAM, '$store-restored', identity), expected: 'any' } };
}

function append(stream: string, type: string, body: object): AppendCommand {
  const event = { id: freshId(), type, json: true, data: Buffer.from(JSON.stringify(body)), metadata: Buffer.alloc(0) };
  return { kind: 'append', stream, expected: 'no-stream', events: [event], deadlineMs: Infinity };
}

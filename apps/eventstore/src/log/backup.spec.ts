import { createPublicKey } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@cairn/sqlite';
import { TemporaryLog, append, proposed, storedEvents, written } from '../testing/temporary-log';
import { backUp } from './backup';
import { publicPem } from '@cairn/os';
import { checkpointKey, openCheckpoint, signCheckpoint, type CheckpointBody } from './checkpoint';
import { DirectoryLockedError } from './directory-lock';
import type { EventLog } from './event-log';
import { readIdentity } from './identity';
import { restore } from './restore';
import { LOG_FILE, openReadOnly } from './schema';
import { verifyLog, type Verified } from './verify';

describe('backup, restore and checkpoints', () => {
  let temporary: TemporaryLog;
  let backups: TemporaryLog;
  let log: EventLog;
  let target: string;

  beforeEach(async () => {
    temporary = new TemporaryLog();
    backups = new TemporaryLog();
    target = join(backups.directory, 'backup');
    log = temporary.open();
    await fill('first', 20);
  });
  afterEach(() => {
    temporary.remove();
    backups.remove();
  });

  async function fill(stream: string, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await written(log, append(stream, 'any', proposed({ stream, n })));
  }

  function verified(directory: string, ...checkpoints: readonly CheckpointBody[]): Verified {
    const db = openReadOnly(directory);
    try {
      return verifyLog(db, checkpoints);
    } finally {
      db.close();
    }
  }

  async function signedHead(): Promise<CheckpointBody> {
    const db = openReadOnly(temporary.directory);
    try {
      const { position, hash } = verifyLog(db).head;
      const body = { ...readIdentity(db), position, hash: hash.toString('hex'), at: '2026-01-01T00:00:00.000Z' };
      const key = await checkpointKey(temporary.directory);
      return openCheckpoint(JSON.stringify(signCheckpoint(body, key)), createPublicKey(publicPem(key)));
    } finally {
      db.close();
    }
  }

  it('copies the log while it is open, and later only what is new', async () => {
    const first = backUp(temporary.directory, target);
    expect(first.position).toBe(log.lastPosition);
    await fill('second', 7);
    expect(backUp(temporary.directory, target)).toEqual({ copied: 7, position: log.lastPosition });
    expect(backUp(temporary.directory, target).copied).toBe(0);
    expect(verified(target)).toEqual(verified(temporary.directory));
  });

  it('copies what a scavenge left, and goes on with a backup that still has the events', async () => {
    backUp(temporary.directory, target);
    await written(log, { kind: 'delete', stream: 'first', expected: 'any', deadlineMs: Infinity });
    await fill('second', 1);
    expect((await log.scavenge()).events).toBe(19);
    backUp(temporary.directory, target);
    expect([verified(target).removed, verified(target).head]).toEqual([0, verified(temporary.directory).head]);
    backUp(temporary.directory, `${target}-new`);
    expect(verified(`${target}-new`)).toEqual(verified(temporary.directory));
  });

  it('refuses to go on with the backup of another history', async () => {
    const earlier = join(backups.directory, 'earlier');
    backUp(temporary.directory, earlier);
    await fill('second', 3);
    backUp(temporary.directory, target);
    log.close();
    copyFileSync(join(earlier, LOG_FILE), join(temporary.directory, LOG_FILE));
    log = temporary.open();
    await fill('other', 9);
    expect(() => backUp(temporary.directory, target)).toThrow(/does not continue the backup/);
    backUp(temporary.directory, earlier);
    const other = new TemporaryLog();
    other.open();
    expect(() => backUp(other.directory, earlier)).toThrow(/the backup is of store/);
    other.remove();
  });

  it('restores a verified log with the same events, in the next epoch, and puts the old one aside', async () => {
    const before = storedEvents(log, 'first');
    backUp(temporary.directory, target);
    await fill('lost', 3);
    expect(() => restore(target, temporary.directory, new Date())).toThrow(DirectoryLockedError);
    log.close();
    const { storeId, epoch, events, aside } = restore(target, temporary.directory, new Date());
    expect([epoch, events]).toEqual([2, verified(target).events]);
    expect(existsSync(join(aside ?? '', LOG_FILE))).toBe(true);
    log = temporary.open();
    expect(storedEvents(log, 'first')).toEqual(before);
    expect(storedEvents(log, 'lost')).toEqual([]);
    const said = storedEvents(log, '$store').at(-1);
    expect(said?.type.name).toBe('$store-restored');
    expect(JSON.parse(said?.data.toString() ?? '')).toEqual({ storeId, epoch: 2 });
    verified(temporary.directory);
    backups.remove();
    cpSync(aside ?? '', backups.directory, { recursive: true });
  });

  it('restores nothing from a backup that is damaged', () => {
    backUp(temporary.directory, target);
    const db = new Database(join(target, LOG_FILE));
    db.exec("UPDATE events SET data = x'7b7d' WHERE rev = 3");
    db.close();
    log.close();
    expect(() => restore(target, temporary.directory, new Date())).toThrow(/does not match its checksum/);
    expect(existsSync(join(temporary.directory, LOG_FILE))).toBe(true);
  });

  it('keeps the signing key to its owner, and notices a checkpoint that was changed or signed by another', async () => {
    const key = await checkpointKey(temporary.directory);
    expect(statSync(join(temporary.directory, 'checkpoint-key.pem')).mode & 0o777).toBe(0o600);
    const body = { storeId: 'x', epoch: 1, position: 5, hash: 'ab', at: 'now' };
    const signed = signCheckpoint(body, key);
    const publicKey = createPublicKey(publicPem(key));
    expect(openCheckpoint(JSON.stringify(signed), publicKey)).toEqual(body);
    expect(() => openCheckpoint(JSON.stringify({ ...signed, position: 6 }), publicKey)).toThrow(/signature/);
    const other = createPublicKey(publicPem(await checkpointKey(backups.directory)));
    expect(() => openCheckpoint(JSON.stringify(signed), other)).toThrow(/signature/);
    expect(() => openCheckpoint('{}', publicKey)).toThrow(/no checkpoint/);
  });

  it('makes one signing key, also for several who use it first at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => checkpointKey(backups.directory)));
    expect(new Set(keys.map(publicPem)).size).toBe(1);
    expect(readdirSync(backups.directory).filter((name) => name.includes('key'))).toEqual(['checkpoint-key.pem']);
  });

  it('holds against its checkpoints as it grows, also over a scavenge', async () => {
    const checkpoint = await signedHead();
    await fill('first', 5);
    await written(log, { kind: 'delete', stream: 'first', expected: 'any', deadlineMs: Infinity });
    await fill('second', 1);
    await log.scavenge();
    expect(verified(temporary.directory, checkpoint, await signedHead()).removed).toBe(24);
  });

  it('shows by a checkpoint that it was cut off, and that it was cut off and extended again', async () => {
    const earlier = join(backups.directory, 'earlier');
    backUp(temporary.directory, earlier);
    await fill('second', 3);
    const checkpoint = await signedHead();
    log.close();
    copyFileSync(join(earlier, LOG_FILE), join(temporary.directory, LOG_FILE));
    expect(() => verified(temporary.directory, checkpoint)).toThrow(/the log was cut off: it ends at position/);
    log = temporary.open();
    await fill('second', 3);
    expect(() => verified(temporary.directory, checkpoint)).toThrow(
      /history up to position \d+ is not what was signed/,
    );
    await fill('longer', 30);
    expect(() => verified(temporary.directory, checkpoint)).toThrow(/is not what was signed/);
    verified(temporary.directory);
  });
});

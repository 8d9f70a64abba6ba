import { MemoryEventStore } from '@cairn/event-store';
import { openReadModel, type ReadModelDatabase } from '@cairn/projections';
import { testDatabase } from '../../../../libs/projections/src/testing/test-database';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core } from '../application/core';
import { fakeCore } from '../application/core/testing/fake-core';
import { Directory } from '../identity/directory';
import type { Authenticator } from '../identity/authenticator';
import { TokenAuthenticator } from '../identity/token-authenticator';
import { openBlobs } from '../blobs';
import { parseConfig } from '../config';
import { commandHash, memoryKeyring } from '../keyring';
import { silentLog } from '../log';
import { systemRandom } from '../random';
import { CommandExecutor } from '../runtime/execute';
import { LogTail } from '../runtime/log-tail';
import { Snapshots } from '../runtime/snapshots';
import { systemClock } from '../runtime/system-clock';

/** What read models need of the log. */
export type FollowedLog = Parameters<typeof openReadModel>[0]['log'];

/** A controller's core with everything real but the log, which is in memory; without processes, queue and hosts. */
export interface MemoryCore {
  readonly core: Core;
  readonly store: MemoryEventStore;
  /** The real one, also where a test gives another. */
  readonly authenticator: Authenticator;
  /** Of the read models. */
  readonly database: ReadModelDatabase;
  /** A folder of its own, gone after `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

/** @param followed the log as the read models see it */
export async function memoryCore(
  given: Partial<Core> = {},
  followed: (store: MemoryEventStore) => FollowedLog = (store) => store,
): Promise<MemoryCore> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-core-'));
  const clock = given.clock ?? systemClock;
  const store = new MemoryEventStore(() => clock.now());
  const keyring = await memoryKeyring(clock, systemRandom);
  const test = await testDatabase();
  const readModel = await openReadModel({
    database: test.database,
    log: followed(store),
    timer: systemClock,
    logger: silentLog,
  });
  const snapshots = new Snapshots(store, () => undefined);
  const executor = new CommandExecutor({ store, clock, snapshots, commandHash: commandHash(keyring) });
  const currency = new LogTail({ store, cache: executor, clock: systemClock, log: silentLog });
  const ended = new AbortController();
  const following = currency.run(ended.signal);
  const ttlMs = parseConfig({ stateDir: folder }).tokenTtlSeconds * 1000;
  const authenticator = new TokenAuthenticator({ keyring, executor, currency, clock, random: systemRandom, ttlMs });
  const directory = new Directory(executor, currency);
  const blobs = await openBlobs(parseConfig({ stateDir: folder }));
  const made = { clock, keyring, readModel, executor, authenticator, directory, blobs, eventStore: store };
  const core = fakeCore({ ...made, ...given });
  const close = async (): Promise<void> => {
    ended.abort();
    await following;
    await readModel.close();
    await test.remove();
    await rm(folder, { recursive: true });
  };
  return { core, store, authenticator, database: test.database, folder, close };
}

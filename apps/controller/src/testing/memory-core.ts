import { MemoryEventStore } from '@cairn/event-store';
import { openReadModel, type ReadModelDatabase } from '@cairn/projections';
import { testDatabase } from '../../../../libs/projections/src/testing/test-database';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core } from '../application/core';
import { fakeCore } from '../application/core/testing/fake-core';
import { Directory } from '../identity/directory';
import { TokenAuthenticator } from '../identity/token-authenticator';
import { openBlobs } from '../blobs';
import { parseConfig } from '../config';
import { commandHash, memoryKeyring } from '../keyring';
import { silentLog } from '../log';
import { systemRandom } from '../random';
import { CommandExecutor } from '../runtime/execute';
import { Snapshots } from '../runtime/snapshots';
import { systemClock } from '../runtime/system-clock';

/** A controller's core with everything real but the log, which is in memory; without processes, queue and hosts. */
export interface MemoryCore {
  readonly core: Core;
  readonly store: MemoryEventStore;
  /** Of the read models. */
  readonly database: ReadModelDatabase;
  /** A folder of its own, gone after `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function memoryCore(given: Partial<Core> = {}): Promise<MemoryCore> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-core-'));
  const clock = given.clock ?? systemClock;
  const store = new MemoryEventStore(() => clock.now());
  const keyring = await memoryKeyring(clock, systemRandom);
  const test = await testDatabase();
  const readModel = await openReadModel({
    database: test.database,
    log: store,
    timer: systemClock,
    logger: silentLog,
  });
  const snapshots = new Snapshots(store, () => undefined);
  const executor = new CommandExecutor({ store, clock, snapshots, commandHash: commandHash(keyring) });
  const authenticator = new TokenAuthenticator(keyring, new Directory(readModel), clock);
  const blobs = await openBlobs(parseConfig({ stateDir: folder }));
  const made = { clock, keyring, readModel, executor, authenticator, blobs, eventStore: store };
  const core = fakeCore({ ...made, ...given });
  const close = async (): Promise<void> => {
    await readModel.close();
    await test.remove();
    await rm(folder, { recursive: true });
  };
  return { core, store, database: test.database, folder, close };
}

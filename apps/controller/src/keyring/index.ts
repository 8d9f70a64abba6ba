import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../random';
import type { Clock } from '../runtime/ports';
import { KEY_BYTES } from './cipher';
import { FileKeyStore } from './file-key-store';
import type { Keyring } from './keyring';
import { masterKey } from './master-key';
import { MemoryKeyStore } from './memory-key-store';
import { WrappingKeyring } from './wrapping-keyring';

export { commandHash, hashOfPlain } from './command-hash';
export { KeyDestroyed, type Keyring, type KeyOwner, type SealedAt } from './keyring';
export { MASTER_KEY_VARIABLE } from './master-key';

/** The folder of a state directory that holds the keyring; a backup of it and of the log is a backup of the cloud. */
export const keyringFolder = (stateDir: string): string => join(stateDir, 'keyring');

/**
 * The installation's keyring, made at the first start. Several controllers may share the state directory.
 * @throws Error when the master key is missing, open to others, or not the one that the keys were wrapped by.
 */
export async function openKeyring(
  stateDir: string,
  clock: Pick<Clock, 'now'>,
  random: Random,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Keyring> {
  const folder = keyringFolder(stateDir);
  const keysFolder = join(folder, 'keys');
  await mkdir(keysFolder, { recursive: true, mode: 0o700 });
  const key = await masterKey(folder, keysFolder, environment, random);
  return WrappingKeyring.open({ store: new FileKeyStore(keysFolder), masterKey: key, random, clock });
}

/** A keyring that is gone with the process, as random as its source: for simulation and tests. */
export const memoryKeyring = (clock: Pick<Clock, 'now'>, random: Random): Promise<Keyring> =>
  WrappingKeyring.open({ store: new MemoryKeyStore(), masterKey: random.bytes(KEY_BYTES), random, clock });

import type { ControllerConfig } from '../config';
import { hostToken as tokenOf } from '../host-token';
import { openKeyring } from '../keyring';
import { systemRandom } from '../random';
import { systemClock } from '../runtime/system-clock';

/** Prints the bearer token of one host, for the file that its agent reads. */
export async function hostToken(config: ControllerConfig, hostId: string | undefined): Promise<number> {
  if (hostId === undefined) throw new Error('host-token needs the id of a host');
  const keyring = await openKeyring(config.stateDir, systemClock, systemRandom);
  process.stdout.write(`${tokenOf(keyring, hostId)}\n`);
  return 0;
}

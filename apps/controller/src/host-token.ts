import { timingSafeEqual } from 'node:crypto';

import type { Keyring } from './keyring/keyring';

/**
 * The bearer token of one host's agent: follows from the keyring and the host's id, so that nothing has to be stored and
 * any controller with the keyring knows it. Enrolling a host writes it to the agent's token file (mode 0600).
 */
export const hostToken = (keyring: Pick<Keyring, 'mac'>, hostId: string): string =>
  keyring.mac('host-token', hostId).toString('hex');

/** In constant time for tokens of the right length. */
export function isHostToken(keyring: Pick<Keyring, 'mac'>, hostId: string, token: string): boolean {
  return isSecret(token, hostToken(keyring, hostId));
}

export function isSecret(token: string, secret: string): boolean {
  const [expected, given] = [Buffer.from(secret), Buffer.from(token)];
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

import { canonicalJson } from '@cairn/json';
import type { Keyring } from './keyring';

/**
 * What an event's metadata says of its command: an HMAC of the command's canonical JSON, so that who knows the command
 * can prove it and nobody can guess a secret from it. Commands with secrets are hashed before these are sealed.
 */
export const commandHash =
  (keyring: Pick<Keyring, 'mac'>) =>
  (canonical: string): string =>
    keyring.mac('command', canonical).toString('hex');

/** The hash of a command that still holds its secrets in plain text. */
export const hashOfPlain = (keyring: Pick<Keyring, 'mac'>, command: object): string =>
  commandHash(keyring)(canonicalJson(command));

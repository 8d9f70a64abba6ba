import type { Keyring } from '../../keyring';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** A server's administrator's password. It derives from its id, so that every request gets the same and nobody stores it. */
export function adminPassOf(keyring: Pick<Keyring, 'mac'>, instanceId: string): string {
  const bytes = keyring.mac('admin-pass', instanceId);
  return Array.from({ length: 12 }, (_, i) => ALPHABET[(bytes[i] ?? 0) % ALPHABET.length]).join('');
}

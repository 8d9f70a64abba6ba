import { own } from '@cairn/domain';
import { createHash } from 'node:crypto';

import { stringsOf } from '../../../../application/keypair/ssh-wire';

export interface SshPublicKey {
  /** MD5 of the key's blob, as pairs of hex digits with colons: what nova and old `ssh-keygen` show. */
  readonly fingerprint: string;
  readonly algorithm: string;
}

const bitsOf = (mpint: Buffer): number => {
  const first = mpint.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (mpint.length - first) * 8 - Math.clz32(mpint[first] ?? 0) + 24;
};

type Check = (parts: readonly Buffer[]) => boolean;

const curve =
  (name: string, pointBytes: number): Check =>
  ([given, point, ...rest]) =>
    given?.toString('latin1') === name && point?.length === pointBytes && point[0] === 4 && rest.length === 0;

const nistp256 = curve('nistp256', 65);

/** What must follow the algorithm's name in the blob. Short RSA keys are refused: no current sshd accepts them. */
const CHECKS: Readonly<Record<string, Check>> = {
  'ssh-rsa': ([e, n, ...rest]) =>
    e !== undefined &&
    n !== undefined &&
    bitsOf(e) > 1 &&
    bitsOf(n) >= 1024 &&
    bitsOf(n) <= 16_384 &&
    rest.length === 0,
  'ssh-dss': (parts) => parts.length === 4 && parts.every((part) => bitsOf(part) > 0),
  'ssh-ed25519': ([key, ...rest]) => key?.length === 32 && rest.length === 0,
  'ecdsa-sha2-nistp256': nistp256,
  'ecdsa-sha2-nistp384': curve('nistp384', 97),
  'ecdsa-sha2-nistp521': curve('nistp521', 133),
  // keys on a security token name the application that they are for
  'sk-ecdsa-sha2-nistp256@openssh.com': (parts) => parts.length === 3 && nistp256(parts.slice(0, 2)),
  'sk-ssh-ed25519@openssh.com': ([key, application, ...rest]) =>
    key?.length === 32 && application !== undefined && rest.length === 0,
};

export const fingerprintOf = (blob: Buffer): string =>
  (createHash('md5').update(blob).digest('hex').match(/../g) ?? []).join(':');

/**
 * Reads one line of an `authorized_keys` file: algorithm, base64, comment.
 * @returns undefined when it is no such key, whole and well formed, or is more than one line.
 */
export function parseSshPublicKey(text: string): SshPublicKey | undefined {
  const line = text.trim();
  if (/[\r\n\0]/.test(line)) return undefined;
  const [algorithm = '', base64 = ''] = line.split(/[ \t]+/);
  const check = own(CHECKS, algorithm);
  if (check === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const blob = Buffer.from(base64, 'base64');
  const [name, ...parts] = stringsOf(blob) ?? [];
  if (name?.toString('latin1') !== algorithm || !check(parts)) return undefined;
  return { algorithm, fingerprint: fingerprintOf(blob) };
}

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { fingerprintOf } from './ssh-public-key';

export interface GeneratedKey {
  /** One line as `authorized_keys` takes it, with its line end. */
  readonly publicKey: string;
  /** PEM, PKCS#1: shown once to who asked, stored nowhere. */
  readonly privateKey: string;
  readonly fingerprint: string;
}

const generate = promisify(generateKeyPair);

/** nova 26.1 makes RSA keys of this length. */
const MODULUS_BITS = 2048;

const wireString = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A positive integer as SSH writes it: a leading zero keeps the highest bit from being its sign (RFC 4251). */
const mpint = (base64url: string): Buffer => {
  const bytes = Buffer.from(base64url, 'base64url');
  return wireString((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
};

/** A new RSA key pair, in the forms that nova gives it: OpenSSH's public, PEM's private. */
export async function generateKey(): Promise<GeneratedKey> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: MODULUS_BITS });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const blob = Buffer.concat([wireString(Buffer.from('ssh-rsa')), mpint(e), mpint(n)]);
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} Generated-by-Nova\n`,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(),
    fingerprint: fingerprintOf(blob),
  };
}

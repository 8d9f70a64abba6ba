import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 2^15 blocks of 1 KiB: 32 MiB and about a tenth of a second on one core, once per user and process (see Authenticator). */
const COST = { N: 2 ** 15, r: 8, p: 1 };
const MAX_MEMORY = 64 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** A password as it is kept: salted and hashed by scrypt, both in base64. */
export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, { ...COST, maxmem: MAX_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Takes as long for a user that does not exist (undefined), and then is false: the time tells nothing. */
export async function verifyPassword(password: string, known: PasswordHash | undefined): Promise<boolean> {
  const salt = known === undefined ? Buffer.alloc(SALT_BYTES) : Buffer.from(known.salt, 'base64');
  const expected = known === undefined ? Buffer.alloc(HASH_BYTES) : Buffer.from(known.hash, 'base64');
  const derived = await derive(password, salt);
  return known !== undefined && expected.length === HASH_BYTES && timingSafeEqual(derived, expected);
}

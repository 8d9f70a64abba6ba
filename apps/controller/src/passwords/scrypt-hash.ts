import { scrypt, timingSafeEqual } from 'node:crypto';

/** Costs beyond these were not written by us. */
const MAX = { logN: 20, r: 32, p: 16 };

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A password's hash as it was made until November 2026; the log keeps it until its user changes the password. */
export interface ScryptHash {
  readonly cost: { readonly logN: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** `$scrypt$ln=15,r=8,p=3$<salt>$<key>`; undefined for anything else. */
export function parseScrypt(phc: string): ScryptHash | undefined {
  const match = PHC.exec(phc);
  if (match === null) return undefined;
  const [logN, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (logN < 1 || logN > MAX.logN || r < 1 || r > MAX.r || p < 1 || p > MAX.p) return undefined;
  const [salt, key] = [match[4] ?? '', match[5] ?? ''].map((text) => Buffer.from(text, 'base64'));
  return salt === undefined || key === undefined ? undefined : { cost: { logN, r, p }, salt, key };
}

/** Whether the password (normalized) is the one of the hash. */
export function verifyScrypt(password: string, { cost: { logN, r, p }, salt, key }: ScryptHash): Promise<boolean> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, key.length, { N, r, p, maxmem: 256 * N * r }, (error, derived) => {
      if (error === null) resolve(timingSafeEqual(derived, key));
      else reject(error);
    });
  });
}

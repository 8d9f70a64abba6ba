import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createWhole } from './whole-file';

/** The Ed25519 key in a file (PKCS #8, PEM, 0600), made at its first use: the same for all who use it first at once. */
export async function signingKey(file: string): Promise<KeyObject> {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    await createWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  return createPrivateKey(await readFile(file));
}

/** The public half (SPKI, PEM), for those who check. */
export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Sizes in bytes of AES-256-GCM as used here (NIST SP 800-38D: 96-bit nonce, 128-bit tag). */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Names the format, so that another can follow it. */
const PREFIX = 'v1.';

/**
 * Encrypts and binds: what `aad` says must be said again to decrypt.
 * @param nonce 12 bytes, never twice with the same key.
 * @returns `v1.` and base64url of nonce, tag and ciphertext.
 */
export function encrypt(key: Buffer, nonce: Buffer, aad: string, plaintext: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** The plaintext; undefined when key, `aad` or text are not those of the encryption. */
export function decrypt(key: Buffer, aad: string, text: string): Buffer | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined; // node's only way to say that the tag is wrong
  }
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole } from '@cairn/os';
import type { StoreIdentity } from './identity';

/** The head of a log at some moment: its hash sums up every event up to that position. */
export interface CheckpointBody extends StoreIdentity {
  readonly position: number;
  /** Hexadecimal. */
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A body with an Ed25519 signature of its canonical form. */
export interface Checkpoint extends CheckpointBody {
  /** Base64. */
  readonly signature: string;
}

/** File with the private key (PKCS #8, PEM, 0600) in the directory of the log. */
const KEY_FILE = 'checkpoint-key.pem';

/** The key of a log's directory, made at its first use: the same for all who use it first at once. */
export async function checkpointKey(directory: string): Promise<KeyObject> {
  const file = join(directory, KEY_FILE);
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

export function signCheckpoint(body: CheckpointBody, key: KeyObject): Checkpoint {
  return { ...body, signature: sign(null, canonical(body), key).toString('base64') };
}

/** @throws Error when the text is no checkpoint, or not one that this key signed */
export function openCheckpoint(text: string, publicKey: KeyObject): CheckpointBody {
  const { signature, ...body } = parse(text);
  if (!verify(null, canonical(body), publicKey, Buffer.from(signature, 'base64')))
    throw new Error('the signature of the checkpoint does not belong to this key');
  return body;
}

function canonical({ storeId, epoch, position, hash, at }: CheckpointBody): Buffer {
  return Buffer.from(`cairn-log-checkpoint-v1\n${storeId}\n${String(epoch)}\n${String(position)}\n${hash}\n${at}\n`);
}

function parse(text: string): Checkpoint {
  const value: unknown = JSON.parse(text);
  const fields: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const { storeId, epoch, position, hash, at, signature } = fields;
  if (typeof storeId !== 'string' || typeof epoch !== 'number' || typeof position !== 'number')
    throw new Error('this is no checkpoint');
  if (typeof hash !== 'string' || typeof at !== 'string' || typeof signature !== 'string')
    throw new Error('this is no checkpoint');
  return { storeId, epoch, position, hash, at, signature };
}

import { sign, verify, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { signingKey } from '@cairn/os';
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

/** The key of a log's directory, made at its first use. */
export const checkpointKey = (directory: string): Promise<KeyObject> => signingKey(join(directory, KEY_FILE));

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

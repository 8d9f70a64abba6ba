import { type KeyObject, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { codeOf, signingKey, writeWhole } from '@cairn/os';

import { LOG_HEAD, LOG_KEY } from '../state-files';
import type { LogHead } from './log-digest';

/** A head with an Ed25519 signature of all its fields. */
export interface SignedHead extends LogHead {
  /** Base64. */
  readonly signature: string;
}

/** The cloud's key for heads of its log, made at its first use. */
export const headKey = (stateDir: string): Promise<KeyObject> => signingKey(join(stateDir, LOG_KEY));

export const signedHead = (head: LogHead, key: KeyObject): SignedHead => ({
  ...head,
  signature: sign(null, canonical(head), key).toString('base64'),
});

/** For files. */
export const headText = (head: SignedHead): string => `${JSON.stringify(head, undefined, 2)}\n`;

/** @throws Error when the text is no signed head, or not one that this key signed */
export function openHead(text: string, publicKey: KeyObject): LogHead {
  const { signature, ...head } = parsed(text);
  if (!verify(null, canonical(head), publicKey, Buffer.from(signature, 'base64')))
    throw new Error('the signature of the checkpoint does not belong to this key (--public-key FILE names another)');
  return head;
}

/**
 * How far the cloud has seen its log, which it remembers outside of it; undefined while it has seen none.
 * @throws Error when the file is not what the cloud wrote
 */
export async function rememberedHead(stateDir: string, publicKey: KeyObject): Promise<LogHead | undefined> {
  const file = join(stateDir, LOG_HEAD);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return openHead(text, publicKey);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be believed: ${why}`, { cause: error });
  }
}

export const rememberHead = (stateDir: string, head: SignedHead): Promise<void> =>
  writeWhole(join(stateDir, LOG_HEAD), headText(head));

const FIELDS = ['name', 'hash', 'position', 'stream', 'revision', 'link', 'at'] as const;

const canonical = (head: LogHead): Buffer =>
  Buffer.from(JSON.stringify(['cairn-log-head-v1', head.events, ...FIELDS.map((field) => head[field])]));

function parsed(text: string): SignedHead {
  const value: unknown = JSON.parse(text);
  const fields: Partial<SignedHead> = typeof value === 'object' && value !== null ? value : {};
  const texts = [...FIELDS.map((field) => fields[field]), fields.signature];
  if (typeof fields.events !== 'number' || texts.some((text) => typeof text !== 'string'))
    throw new Error('this is no checkpoint of a log');
  return fields as SignedHead;
}

import { hash, timingSafeEqual } from 'node:crypto';

import type { Keyring } from '../../keyring';

const UUID_BYTES = 16;
const MAC_BYTES = 16;
const SIZE = 2 * UUID_BYTES + MAC_BYTES;
/** Base64url of SIZE bytes, without padding. */
const LENGTH = (SIZE * 4) / 3;
const TEXT = /^[A-Za-z0-9_-]+$/;

/** What a shown token says: the server that it claims to open, and the name by which the log knows it. */
export interface ShownToken {
  readonly instanceId: string;
  readonly tokenHash: string;
}

/** The name by which the log knows a token, which cannot be guessed from it. */
export const tokenHashOf = (token: string): string => hash('sha256', token, 'hex');

/**
 * The token for a console of a server that a command asks for. It follows from the command's id, so that a repeated
 * request is answered by the same; only the installation's key can make it. It names the server, so that no table of
 * tokens is needed.
 */
export function consoleToken(keyring: Pick<Keyring, 'mac'>, instanceId: string, commandId: string): string {
  const secret = keyring.mac('console-secret', `${instanceId}/${commandId}`).subarray(0, UUID_BYTES);
  const body = Buffer.concat([Buffer.from(instanceId.replaceAll('-', ''), 'hex'), secret]);
  return Buffer.concat([body, macOf(keyring, body)]).toString('base64url');
}

/** Undefined for what this installation never made: it is not looked up. */
export function readConsoleToken(keyring: Pick<Keyring, 'mac'>, token: string): ShownToken | undefined {
  if (token.length !== LENGTH || !TEXT.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, SIZE - MAC_BYTES);
  if (!timingSafeEqual(bytes.subarray(SIZE - MAC_BYTES), macOf(keyring, body))) return undefined;
  const hex = body.toString('hex', 0, UUID_BYTES);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { instanceId: groups.join('-'), tokenHash: tokenHashOf(token) };
}

const macOf = (keyring: Pick<Keyring, 'mac'>, body: Buffer): Buffer =>
  keyring.mac('console-token', body).subarray(0, MAC_BYTES);

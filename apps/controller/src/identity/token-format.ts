import { timingSafeEqual } from 'node:crypto';
import type { Instant } from '@cairn/domain';
import type { TokenMethod } from './authenticator';
import type { Keyring } from '../keyring';

/** The place in this list is the method's bit in a token. */
const METHODS: readonly TokenMethod[] = ['password', 'token'];

/** What a token says. It needs no store: who made it can be proven by its MAC. */
export interface TokenContent {
  /** 22 characters of base64url (16 bytes), Keystone's audit id: names the token without being one. */
  readonly id: string;
  readonly userId: string;
  /** Null: unscoped. */
  readonly projectId: string | null;
  readonly methods: readonly TokenMethod[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The user's epoch in which it was proven; in another one the token is worth nothing. */
  readonly userEpoch: number;
  /** The project's epoch in which it was issued; 0 without a project. */
  readonly projectEpoch: number;
}

/** 1 had no epochs: who has such a token logs in again. */
const VERSION = 2;
const UUID_BYTES = 16;
const EPOCH_BYTES = 4;
const MAC_BYTES = 32;
/** Version, methods, id, user, project (zeros: none), issued, expires, epochs, MAC. */
const SIZE = 1 + 1 + 3 * UUID_BYTES + 6 + 6 + 2 * EPOCH_BYTES + MAC_BYTES;
/** Base64url of SIZE bytes: 136 characters, well below the 255 of Keystone's Fernet tokens. */
const LENGTH = Math.ceil((SIZE * 4) / 3);
const TEXT = /^[A-Za-z0-9_-]+$/;
const PURPOSE = 'token';
const NONE = Buffer.alloc(UUID_BYTES);

const ID = /^[0-9a-f]{32}$/;

function idBytes(id: string): Buffer {
  if (!ID.test(id)) throw new Error(`${id} is no id that a token can carry`);
  return Buffer.from(id, 'hex');
}

const timeBytes = (at: Instant): Buffer => {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Date.parse(at), 0, 6);
  return bytes;
};

const epochBytes = (epoch: number): Buffer => {
  const bytes = Buffer.alloc(EPOCH_BYTES);
  bytes.writeUInt32BE(epoch);
  return bytes;
};

/** The token's text: opaque to clients, forged only with the installation's key. */
export function writeToken(content: TokenContent, keyring: Pick<Keyring, 'mac'>): string {
  const methods = content.methods.reduce((bits, method) => bits | (1 << METHODS.indexOf(method)), 0);
  const body = Buffer.concat([
    Buffer.from([VERSION, methods]),
    Buffer.from(content.id, 'base64url'),
    idBytes(content.userId),
    content.projectId === null ? NONE : idBytes(content.projectId),
    timeBytes(content.issuedAt),
    timeBytes(content.expiresAt),
    epochBytes(content.userEpoch),
    epochBytes(content.projectEpoch),
  ]);
  return Buffer.concat([body, keyring.mac(PURPOSE, body)]).toString('base64url');
}

/** What a genuine token says, expired or not; undefined for any other text. */
export function readToken(text: string, keyring: Pick<Keyring, 'mac'>): TokenContent | undefined {
  if (text.length !== LENGTH || !TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const body = bytes.subarray(0, SIZE - MAC_BYTES);
  const mac = bytes.subarray(SIZE - MAC_BYTES);
  // The last character's spare bits are not covered: only the canonical text is the token.
  if (bytes.length !== SIZE || body[0] !== VERSION || bytes.toString('base64url') !== text) return undefined;
  if (!timingSafeEqual(mac, keyring.mac(PURPOSE, body))) return undefined;
  const part = (at: number, length = UUID_BYTES): Buffer => body.subarray(at, at + length);
  const time = (at: number): Instant => new Date(body.readUIntBE(at, 6)).toISOString();
  const project = part(34);
  const bits = body[1] ?? 0;
  return {
    id: part(2).toString('base64url'),
    userId: part(18).toString('hex'),
    projectId: project.equals(NONE) ? null : project.toString('hex'),
    methods: METHODS.filter((_, i) => (bits & (1 << i)) !== 0),
    issuedAt: time(50),
    expiresAt: time(56),
    userEpoch: body.readUInt32BE(62),
    projectEpoch: body.readUInt32BE(66),
  };
}

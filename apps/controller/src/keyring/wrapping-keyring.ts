import { createHmac, hkdfSync } from 'node:crypto';
import type { Sealed } from '@cairn/domain';
import type { Clock } from '../runtime/ports';
import type { Random } from '../random';
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES } from './cipher';
import type { KeyStore, StoredKey } from './key-store';
import { KeyDestroyed, type Keyring, type KeyOwner, type SealedAt } from './keyring';

/** Owner of the key from which the keys for `mac` are derived; no tenant's. */
const MAC_OWNER = 'mac';

/** How long a key is used without looking whether it still exists: another controller may destroy it. */
const TRUST_MS = 5_000;

interface Loaded {
  readonly keyId: string;
  /** Undefined: destroyed, or wrapped by another master key. */
  readonly key: Buffer | undefined;
  readonly destroyed: boolean;
  readonly checkedAt: number;
}

export interface KeyringPorts {
  readonly store: KeyStore;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
}

const keyAad = (owner: string, keyId: string): string => JSON.stringify(['cairn-key', owner, keyId]);
const valueAad = (keyId: string, { stream, field }: SealedAt): string => JSON.stringify([keyId, stream, field]);

/** Data keys per owner, each made at its first use and wrapped by one master key (AES-256-GCM throughout). */
export class WrappingKeyring implements Keyring {
  private readonly loaded = new Map<string, Loaded>();
  private readonly macKeys = new Map<string, Buffer>();
  private macRoot: Buffer = Buffer.alloc(0);

  private constructor(private readonly ports: KeyringPorts) {}

  /** @throws Error when the keyring was made with another master key. */
  static async open(ports: KeyringPorts): Promise<WrappingKeyring> {
    const keyring = new WrappingKeyring(ports);
    const { key } = await keyring.made(MAC_OWNER);
    if (key === undefined) throw new Error('the master key is not the one that this keyring was made with');
    keyring.macRoot = key;
    return keyring;
  }

  async seal(owner: KeyOwner, at: SealedAt, plaintext: string | Buffer): Promise<Sealed> {
    const { key, keyId, destroyed } = await this.made(owner);
    if (destroyed) throw new KeyDestroyed(owner);
    if (key === undefined) throw new Error(`the key of ${owner} cannot be unwrapped by this master key`);
    const nonce = this.ports.random.bytes(NONCE_BYTES);
    return { keyId, ciphertext: encrypt(key, nonce, valueAad(keyId, at), Buffer.from(plaintext)) };
  }

  async open({ keyId, ciphertext }: Sealed, at: SealedAt): Promise<Buffer | undefined> {
    const owner = keyId.slice(0, keyId.indexOf('@'));
    const loaded = await this.current(owner);
    if (loaded?.key === undefined || loaded.keyId !== keyId) return undefined;
    return decrypt(loaded.key, valueAad(keyId, at), ciphertext);
  }

  mac(purpose: string, data: string | Buffer): Buffer {
    let key = this.macKeys.get(purpose);
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', this.macRoot, '', `cairn mac ${purpose}`, KEY_BYTES));
      this.macKeys.set(purpose, key);
    }
    return createHmac('sha256', key).update(data).digest();
  }

  async destroy(owner: KeyOwner): Promise<void> {
    const stored = await this.ports.store.read(owner);
    if (stored !== undefined && 'destroyed' in stored) return;
    const grave: StoredKey = { keyId: stored?.keyId ?? this.newKeyId(owner), destroyed: true };
    await this.ports.store.replace(owner, grave);
    this.loaded.get(owner)?.key?.fill(0);
    this.loaded.delete(owner);
  }

  /** The owner's key, made now if there never was one. */
  private async made(owner: string): Promise<Loaded> {
    const current = await this.current(owner);
    if (current !== undefined) return current;
    const keyId = this.newKeyId(owner);
    const key = this.ports.random.bytes(KEY_BYTES);
    const nonce = this.ports.random.bytes(NONCE_BYTES);
    const wrapped = encrypt(this.ports.masterKey, nonce, keyAad(owner, keyId), key);
    return this.keep(owner, await this.ports.store.create(owner, { keyId, wrapped }));
  }

  private async current(owner: string): Promise<Loaded | undefined> {
    const known = this.loaded.get(owner);
    if (known !== undefined && Math.abs(this.now() - known.checkedAt) < TRUST_MS) return known;
    const stored = await this.ports.store.read(owner);
    return stored === undefined ? undefined : this.keep(owner, stored);
  }

  private keep(owner: string, stored: StoredKey): Loaded {
    const destroyed = 'destroyed' in stored;
    const key = destroyed ? undefined : decrypt(this.ports.masterKey, keyAad(owner, stored.keyId), stored.wrapped);
    const loaded = { keyId: stored.keyId, key, destroyed, checkedAt: this.now() };
    this.loaded.set(owner, loaded);
    return loaded;
  }

  private newKeyId(owner: string): string {
    return `${owner}@${this.ports.random.bytes(8).toString('hex')}`;
  }

  private now(): number {
    return Date.parse(this.ports.clock.now());
  }
}

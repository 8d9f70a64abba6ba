import type { Sealed } from '@cairn/domain';

/**
 * The owner whose data key encrypts a secret. Destroying the key makes all secrets of the owner unreadable for ever.
 * `cloud` is the installation's own.
 */
export type KeyOwner = `project/${string}` | `domain/${string}` | 'cloud';

/** Where a sealed value stands in the log. Bound to the ciphertext: moved elsewhere, it does not open. */
export interface SealedAt {
  /** The stream's name, e.g. `user-6f1c…`. */
  readonly stream: string;
  /** The field's path in the event, e.g. `passwordHash`. */
  readonly field: string;
}

/** Raised when secrets cannot be made or proven because the key of their owner was destroyed. */
export class KeyDestroyed extends Error {
  constructor(readonly owner: KeyOwner) {
    super(`the key of ${owner} was destroyed`);
  }
}

export interface Keyring {
  /**
   * Encrypts under the owner's data key, which is made, wrapped and fsynced before its first use.
   * @throws KeyDestroyed when the owner's key was destroyed.
   */
  seal(owner: KeyOwner, at: SealedAt, plaintext: string | Buffer): Promise<Sealed>;
  /** The plaintext; undefined when the key is gone or the ciphertext was altered or moved. Never throws for that. */
  open(sealed: Sealed, at: SealedAt): Promise<Buffer | undefined>;
  /**
   * HMAC-SHA256 of the data under a key of the installation that serves this purpose only.
   * Synchronous: the key is in memory from the start.
   */
  mac(purpose: string, data: string | Buffer): Buffer;
  /** Destroys the owner's data keys. Irreversible; idempotent. */
  destroy(owner: KeyOwner): Promise<void>;
}

/** A data key as it is kept: wrapped by the master key, or the mark that it was destroyed. */
export type StoredKey =
  { readonly keyId: string; readonly wrapped: string } | { readonly keyId: string; readonly destroyed: true };

/** Where wrapped keys are kept, by the name of their owner. Several controllers may share one. */
export interface KeyStore {
  read(owner: string): Promise<StoredKey | undefined>;
  /** Keeps the key unless the owner has one already. Resolves with the one that counts, once it is durable. */
  create(owner: string, key: StoredKey): Promise<StoredKey>;
  /** Puts another key in the place of the owner's. Resolves once that is durable. */
  replace(owner: string, key: StoredKey): Promise<void>;
}

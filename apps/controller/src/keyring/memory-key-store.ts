import type { KeyStore, StoredKey } from './key-store';

/** For simulation and tests. */
export class MemoryKeyStore implements KeyStore {
  private readonly keys = new Map<string, StoredKey>();

  read(owner: string): Promise<StoredKey | undefined> {
    return Promise.resolve(this.keys.get(owner));
  }

  create(owner: string, key: StoredKey): Promise<StoredKey> {
    const kept = this.keys.get(owner) ?? key;
    this.keys.set(owner, kept);
    return Promise.resolve(kept);
  }

  replace(owner: string, key: StoredKey): Promise<void> {
    this.keys.set(owner, key);
    return Promise.resolve();
  }
}

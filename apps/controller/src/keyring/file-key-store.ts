import { join } from 'node:path';
import { createWhole, draftOf, writeWhole } from '@cairn/os';
import type { KeyStore, StoredKey } from './key-store';
import { readIfThere } from './read-if-there';

/** Ids of owners as Cairn makes them; nothing that could leave the folder. */
const OWNER = /^[a-z]+(\/[A-Za-z0-9][A-Za-z0-9_.-]{0,127})?$/;

/** One file an owner: `<folder>/project-<id>.json`. */
export class FileKeyStore implements KeyStore {
  constructor(private readonly folder: string) {}

  async read(owner: string): Promise<StoredKey | undefined> {
    if (!OWNER.test(owner)) return undefined; // what a damaged key id names
    const text = await readIfThere(this.fileOf(owner));
    return text === undefined ? undefined : (JSON.parse(text) as StoredKey);
  }

  async create(owner: string, key: StoredKey): Promise<StoredKey> {
    const file = this.fileOf(owner);
    if (await createWhole(file, JSON.stringify(key))) return key;
    const winner = await this.read(owner);
    if (winner === undefined) throw new Error(`the key of ${owner} was removed while it was being made`);
    return winner;
  }

  replace(owner: string, key: StoredKey): Promise<void> {
    const file = this.fileOf(owner);
    return writeWhole(file, JSON.stringify(key), 0o600, draftOf(file)); // others may replace it at the same time
  }

  private fileOf(owner: string): string {
    if (!OWNER.test(owner)) throw new Error(`${owner} cannot own a key`);
    return join(this.folder, `${owner.replace('/', '-')}.json`);
  }
}

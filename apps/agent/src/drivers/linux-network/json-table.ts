import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { codeOf, notice, putAside, syncPath, writeWhole } from '@cairn/os';

import { isNewer } from '../../ports/guards';
import { type Log, silentLog } from '../../ports/log.port';

/**
 * Values by name, each in a file of its own: `<name>.json`, or a file in a folder `<name>` that also holds others. They are
 * read once: nobody else writes them while an agent has this host.
 */
export class JsonTable<T> {
  private known: Promise<Map<string, T>> | undefined;

  /** @param inner name of the file in the folder of each value, where it has one */
  constructor(
    private readonly directory: string,
    private readonly log: Log = silentLog,
    private readonly inner?: string,
  ) {}

  /** In the order of their names, whatever came first: what is made from them does not depend on the past. */
  async all(): Promise<ReadonlyMap<string, T>> {
    return new Map([...(await this.read())].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  async get(name: string): Promise<T | undefined> {
    return (await this.read()).get(name);
  }

  set(name: string, value: T): Promise<void> {
    return this.change(async (known) => {
      await writeJson(this.fileOf(name), value);
      known.set(name, value);
    });
  }

  delete(name: string): Promise<void> {
    return this.change(async (known) => {
      await rm(join(this.directory, this.entryOf(name)), { recursive: true, force: true });
      await syncPath(this.directory);
      known.delete(name);
    });
  }

  /** Changes the files, and what is known of them. After a failure nobody knows what is in them: they are read again. */
  private async change(work: (known: Map<string, T>) => Promise<void>): Promise<void> {
    const known = await this.read();
    try {
      await work(known);
    } catch (error) {
      this.known = undefined;
      throw error;
    }
  }

  private read(): Promise<Map<string, T>> {
    this.known ??= this.readFiles().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async readFiles(): Promise<Map<string, T>> {
    const tail = this.entryOf('');
    const entries = (await entriesIn(this.directory)).filter((entry) => entry.endsWith(tail));
    const names = entries.map((entry) => entry.slice(0, entry.length - tail.length));
    const values = await Promise.all(names.map((name) => readJson<T>(this.fileOf(name), this.log)));
    const found = names.flatMap((name, i): [string, T][] => {
      const value = values[i] ?? null;
      return value === null ? [] : [[name, value]];
    });
    return new Map(found);
  }

  private entryOf(name: string): string {
    return this.inner === undefined ? `${name}.json` : name;
  }

  private fileOf(name: string): string {
    return join(this.directory, this.entryOf(name), this.inner ?? '');
  }
}

/**
 * Keeps what a host is told in versions, unless it knows something newer.
 * @returns whether it is the newest that is known: a try to do what it says may have failed before.
 */
export async function keepNewest<T extends { readonly version: number }>(
  table: JsonTable<T>,
  name: string,
  told: T,
): Promise<boolean> {
  const known = await table.get(name);
  if (isNewer(told, known)) await table.set(name, told);
  return told.version >= (known?.version ?? 0);
}

/** None where there is no such directory. */
async function entriesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whole or not at all, also after a power failure. An unchanged file is not written again. */
async function writeJson(path: string, value: unknown): Promise<void> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, text, 0o644);
}

/** What a file holds; null where there is none, or one that is damaged, which is put aside. */
async function readJson<T>(path: string, log: Log): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (!(error instanceof SyntaxError)) throw error;
    const aside = await putAside(path);
    log.error('network: a file was damaged, the next job that needs it writes it again', { path, aside, error });
    notice(`${path} was damaged: it is now ${aside}, and the next job that needs it writes it again`);
    return null;
  }
}

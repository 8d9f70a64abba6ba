import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isNoSpace, type SpaceReserve, syncPath, writeWhole } from '@cairn/os';

/** The file is damaged in a way that a crash does not explain: an operator must look. */
export class JournalDamaged extends Error {}

const checksum = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16);

/** One write is one line, so that a crash can tear only the last line. */
const toLine = (batch: readonly unknown[]): string => {
  const json = JSON.stringify(batch);
  return `${checksum(json)} ${json}\n`;
};

function fromLine(line: string): readonly unknown[] | undefined {
  const json = line.slice(17);
  return line[16] === ' ' && line.slice(0, 16) === checksum(json) ? (JSON.parse(json) as unknown[]) : undefined;
}

interface Waiting<E> {
  readonly entry: E;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** To the end of the file, and each write on the disk when it returns: one call where write and fdatasync were two. */
const APPEND_DURABLY = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC;

/** An append-only file of entries. Entries that come during a write share the next write and its fsync. */
export class BatchFile<E> {
  private waiting: Waiting<E>[] = [];
  /** The write under way and those behind it; never rejects. */
  private tail: Promise<void> = Promise.resolve();
  private broken: Error | undefined;
  /** Entries in the file, live or not. */
  length: number;

  private constructor(
    private readonly path: string,
    private handle: FileHandle,
    private bytes: number,
    length: number,
    private readonly onDurable: (entry: E) => void,
    private readonly reserve: SpaceReserve | undefined,
  ) {
    this.length = length;
  }

  /**
   * @param onDurable is given every entry of the file in order, and later each that is appended, once it is on disk.
   * @param reserve is spent on entries that there is no space for otherwise.
   * @throws JournalDamaged when a line other than the last was altered.
   */
  static async open<E>(path: string, onDurable: (entry: E) => void, reserve?: SpaceReserve): Promise<BatchFile<E>> {
    const handle = await open(path, APPEND_DURABLY, 0o600);
    const text = await readFile(path, 'utf8');
    const lines = text.split('\n');
    // Behind the last newline there is nothing, or a line that a crash tore: it was never acknowledged.
    lines.pop();
    let length = 0;
    let bytes = 0;
    for (const [index, line] of lines.entries()) {
      const batch = fromLine(line);
      if (batch === undefined && index < lines.length - 1) {
        await handle.close();
        throw new JournalDamaged(`${path}: line ${String(index + 1)} is damaged, and lines follow it`);
      }
      if (batch === undefined) break;
      for (const entry of batch as readonly E[]) onDurable(entry);
      length += batch.length;
      bytes += Buffer.byteLength(line) + 1;
    }
    await handle.truncate(bytes);
    await handle.sync();
    await syncPath(dirname(path));
    return new BatchFile<E>(path, handle, bytes, length, onDurable, reserve);
  }

  /** Resolves when the entry is on disk and `onDurable` has seen it. */
  append(entry: E): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      if (this.waiting.length === 1) this.queue(() => this.writeWaiting());
    });
  }

  /** Puts what `live` answers, when it is this write's turn, in the place of all entries before, atomically. */
  rewrite(live: () => readonly E[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue(() => this.replaceBy(live()).then(resolve, reject));
    });
  }

  async close(): Promise<void> {
    await this.tail;
    await this.handle.close();
  }

  private queue(work: () => Promise<void>): void {
    this.tail = this.tail.then(work);
  }

  private async writeWaiting(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    try {
      if (this.broken !== undefined) throw this.broken;
      await this.write(Buffer.from(toLine(batch.map(({ entry }) => entry))));
      this.length += batch.length;
      for (const { entry, resolve } of batch) {
        this.onDurable(entry);
        resolve();
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    await this.reserve?.fill();
  }

  private async write(line: Buffer): Promise<void> {
    try {
      await this.handle.appendFile(line);
    } catch (error) {
      // After a failed sync nobody knows what is on disk, and asking again answers a lie.
      if (!isNoSpace(error)) this.breakDown(error);
      // A full disk may have taken half a line; nothing may ever follow that half.
      await this.handle.truncate(this.bytes).catch((cause: unknown) => this.breakDown(cause));
      if (this.reserve?.spend() !== true) throw error;
      return this.write(line);
    }
    this.bytes += line.byteLength;
  }

  private breakDown(cause: unknown): never {
    this.broken = new Error(`${this.path} cannot be written any more; restart the agent`, { cause });
    throw this.broken;
  }

  /** Whether the handle's file still has its name: what is written into one without a name is lost. */
  private async isNamed(): Promise<boolean> {
    const named = await stat(this.path).catch(() => undefined);
    return named?.ino === (await this.handle.stat()).ino;
  }

  private async replaceBy(entries: readonly E[]): Promise<void> {
    const data = Buffer.from(entries.length === 0 ? '' : toLine(entries));
    try {
      await writeWhole(this.path, data);
    } catch (error) {
      if (await this.isNamed()) throw error;
      this.breakDown(error);
    }
    try {
      await this.handle.close();
      this.handle = await open(this.path, APPEND_DURABLY, 0o600);
    } catch (cause) {
      this.breakDown(cause);
    }
    this.bytes = data.byteLength;
    this.length = entries.length;
  }
}

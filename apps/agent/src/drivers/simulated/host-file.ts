import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { codeOf, writeWhole } from '@cairn/os';

import { SimulatedHost } from './simulated-host';
import { HOST_TABLES, type HostChange } from './stored-host';

const lineOf = (change: HostChange): string => `${JSON.stringify(change)}\n`;

/**
 * A simulated machine that is kept in a file, so that it outlives the agent's process as a real one would: each change
 * is a line, handed to the kernel before the agent goes on. A kill -9 loses none; a power failure of the machine that
 * simulates may lose the last ones.
 */
export class SimulatedHostFile {
  private size: number;

  private constructor(
    readonly host: SimulatedHost,
    private readonly file: number,
  ) {
    this.size = fstatSync(file).size;
    host.onChange = (change) => {
      this.append(Buffer.from(lineOf(change)));
    };
  }

  /** A line or nothing: a full disk may take half of it, which nothing may follow. */
  private append(line: Buffer): void {
    try {
      for (let done = 0; done < line.length;) done += writeSync(this.file, line, done);
      this.size += line.length;
    } catch (error) {
      ftruncateSync(this.file, this.size);
      throw error;
    }
  }

  /** @throws Error when the file is no simulated machine. */
  static async open(path: string): Promise<SimulatedHostFile> {
    const host = await readMachine(path);
    await writeWhole(path, entriesOf(host).map(lineOf).join(''));
    return new SimulatedHostFile(host, openSync(path, 'a', 0o600));
  }

  close(): void {
    this.host.onChange = () => undefined;
    closeSync(this.file);
  }
}

/** The machine that a file holds; an empty one when there is none. @throws Error when the file is no machine. */
export async function readMachine(path: string): Promise<SimulatedHost> {
  const host = new SimulatedHost();
  for (const change of await changesIn(path)) host.put(change);
  return host;
}

async function changesIn(path: string): Promise<readonly HostChange[]> {
  try {
    // Behind the last newline there is nothing, or a line that a kill cut off.
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as HostChange);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}

const entriesOf = (host: SimulatedHost): readonly HostChange[] =>
  HOST_TABLES.flatMap((table) => [...host[table]].map(([key, value]) => ({ table, key, value })));

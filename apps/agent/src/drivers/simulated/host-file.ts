import { readFile, rename, writeFile } from 'node:fs/promises';

import { codeOf } from '../../unknown-error';

import { SimulatedHost } from './simulated-host';

const SAVE_AFTER_MS = 100;

/**
 * A simulated machine that is kept in a file, so that it outlives the process as a real one would. After a kill -9 the
 * file may be a moment old: the machine then looks as if its power had failed at that moment.
 */
export class SimulatedHostFile {
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    readonly host: SimulatedHost,
    private readonly onError: (error: unknown) => void,
  ) {
    host.onChange = () => {
      this.timer ??= setTimeout(() => {
        void this.flush();
      }, SAVE_AFTER_MS).unref();
    };
  }

  /** @throws Error when the file is no simulated machine. */
  static async open(path: string, onError: (error: unknown) => void): Promise<SimulatedHostFile> {
    try {
      const stored = JSON.parse(await readFile(path, 'utf8')) as ReturnType<SimulatedHost['toJSON']>;
      return new SimulatedHostFile(path, new SimulatedHost(stored), onError);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new Error(`${path} cannot be read`, { cause: error });
      return new SimulatedHostFile(path, new SimulatedHost(), onError);
    }
  }

  /** Writes the machine as it is now. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.saving = this.saving.then(() => this.save()).catch(this.onError);
    return this.saving;
  }

  private async save(): Promise<void> {
    const temporary = `${this.path}.new`;
    await writeFile(temporary, JSON.stringify(this.host), { mode: 0o600 });
    await rename(temporary, this.path);
  }
}

import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { codeOf } from '@cairn/os';

/** Another agent works on this state. */
export class LockTaken extends Error {}

/** When a process began, in the kernel's ticks. Together with the pid it names one process only. Null if there is none. */
function startOf(pid: number): string | null {
  try {
    // The name in brackets may hold spaces and brackets; what follows the last bracket does not.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

/** Keeps two agents from working on the same state at once; what a killed one left behind is in nobody's way. */
export class ProcessLock {
  private constructor(private readonly path: string) {}

  /** @throws LockTaken */
  static async take(path: string): Promise<ProcessLock> {
    const mine = `${String(process.pid)} ${startOf(process.pid) ?? ''}\n`;
    for (;;) {
      try {
        await writeFile(path, mine, { flag: 'wx', mode: 0o644 });
        return new ProcessLock(path);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const [pid = '', start] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
      if (start !== undefined && startOf(Number(pid)) === start) {
        throw new LockTaken(`another agent (pid ${pid}) works on this state; it holds ${path}`);
      }
      await rm(path, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

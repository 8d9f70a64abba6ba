import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '@cairn/os';

const POLL_MS = 20;

/** A file of /proc/<pid>, or null when there is no such process (any more). */
async function procFile(pid: number, name: string): Promise<string | null> {
  try {
    return await readFile(`/proc/${String(pid)}/${name}`, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return null;
    throw error;
  }
}

/** The arguments of a running process, its program first; null when it has ended (a zombie has none). */
export async function argumentsOf(pid: number): Promise<readonly string[] | null> {
  const text = await procFile(pid, 'cmdline');
  return text === null || text === '' ? null : text.replace(/\0$/, '').split('\0');
}

/** The fields of /proc/<pid>/stat from the third on: the second is the program's name in parentheses and may hold blanks. */
async function statOf(pid: number): Promise<readonly string[] | null> {
  const stat = await procFile(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? null;
}

/**
 * Whether a process has closed all it had: a zombie has, one that merely lost its arguments (they go first) has not, and
 * its sockets may still be bound.
 */
export async function hasEnded(pid: number): Promise<boolean> {
  const state = (await statOf(pid))?.[0];
  return state === undefined || state === 'Z' || state === 'X';
}

/** Sends a process a signal that ends it. @returns whether it has ended within that time, or before */
export async function endedBy(signal: 'SIGTERM' | 'SIGKILL', pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return true;
    throw error;
  }
  while (Date.now() < deadline) {
    if (await hasEnded(pid)) return true;
    await pause(POLL_MS);
  }
  return false;
}

/** When a process started, in clock ticks since the machine booted. Together with the pid it names one process only. */
export async function startTicksOf(pid: number): Promise<string | null> {
  return (await statOf(pid))?.[19] ?? null; // starttime, the 22nd field
}

/** Pids of the processes whose arguments contain `argument` as a whole. */
export async function pidsWithArgument(argument: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && (await argumentsOf(pid))?.includes(argument) === true) found.push(pid);
  }
  return found;
}

/** The number in a pid file, or null when there is none. */
export async function readPidFile(path: string): Promise<number | null> {
  try {
    const pid = Number.parseInt(await readFile(path, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks of /proc per second. */
const TICKS = 100;

/** Seconds of processor time of a process with all its threads: its own, and that of its children that have ended. */
export function cpuTimes(pid: string): { readonly own: number; readonly children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / TICKS, children: (childUser + childSystem) / TICKS };
}

/** The processes of a cloud, by the name of their pid file. */
export class Processes {
  constructor(private readonly run: string) {}

  private pids(): readonly (readonly [string, string])[] {
    const files = readdirSync(this.run).filter((file) => file.endsWith('.pid'));
    return files.map((file) => [file.slice(0, -4), readFileSync(join(this.run, file), 'utf8').trim()]);
  }

  /** Seconds of processor time since each process began, its ended children included. */
  cpu(): ReadonlyMap<string, number> {
    const times = this.pids().map(([name, pid]): readonly [string, number] => {
      const { own, children } = cpuTimes(pid);
      return [name, own + children];
    });
    return new Map(times);
  }

  /** Proportional set size of each process in MiB: what memory would be free without it. */
  memory(): ReadonlyMap<string, number> {
    const sizes = this.pids().map(([name, pid]): readonly [string, number] => {
      const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
      return [name, Number(pss) / 1_024];
    });
    return new Map(sizes);
  }
}

export const sum = (values: Iterable<number>): number => [...values].reduce((all, one) => all + one, 0);

/** What each process used between two looks. */
export function used(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map([...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)]));
}

/** `controller 5.1, eventstore 2.0`, the largest first. */
export const split = (parts: ReadonlyMap<string, number>, factor = 1): string =>
  [...parts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => `${name} ${(value * factor).toFixed(value * factor >= 10 ? 0 : 2)}`)
    .join(', ');

/** Seconds for which processors of this machine were busy since it started, for any process. */
export function busySeconds(): number {
  const [user, nice, system, , , irq, softirq] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return [user, nice, system, irq, softirq].reduce<number>((all, one) => all + (one ?? 0), 0) / TICKS;
}

/**
 * How fast a processor is now: milliseconds of its time for a fixed piece of work (hashing 64 MiB). Neighbours on the
 * same machine make processor time itself dearer; figures of two runs compare only where this is alike.
 */
export function yardstick(): number {
  const block = Buffer.alloc(1024 * 1024, 'cairn');
  const before = process.cpuUsage();
  for (let i = 0; i < 64; i += 1) createHash('sha256').update(block).digest();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

import { loadavg } from 'node:os';

/** One figure with the goal that it has to keep, if there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** The figure in relation to raw SQLite on the same file system, in words. */
  readonly ratio?: string;
}

/** A line of a figure; a goal that is missed says so. */
export function print(figure: Figure): void {
  const { name, value, unit, goal, ratio } = figure;
  const met = goal === undefined || ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast);
  const wanted =
    goal === undefined ? '' : 'atMost' in goal ? `at most ${round(goal.atMost)}` : `at least ${round(goal.atLeast)}`;
  const verdict = goal === undefined ? '' : met ? `ok (${wanted})` : `MISSED (${wanted})`;
  console.log(`${name.padEnd(52)} ${round(value).padStart(10)} ${unit.padEnd(8)} ${verdict.padEnd(28)} ${ratio ?? ''}`);
}

/** Says how busy the machine is: wall-clock figures of a busy machine are a lower bound. */
export function printLoad(): void {
  console.log(
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
}

/** The value below which the given share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function round(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

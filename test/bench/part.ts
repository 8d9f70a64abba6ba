import type { BenchCloud } from './bench-cloud';
import type { Figure } from './figures';

/** A part of the benchmark: one measurement of a running cloud. */
export type Part = (bench: BenchCloud) => Promise<readonly Figure[]>;

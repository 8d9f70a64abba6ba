import type { BenchCloud } from './bench-cloud';
import type { Figure } from './figures';

/** A part of the benchmark: what it measures of a cloud that runs. */
export type Part = (bench: BenchCloud) => Promise<readonly Figure[]>;

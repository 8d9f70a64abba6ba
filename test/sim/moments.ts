import type { Random } from './random';

/** How many requests of a kind come in a world, and in which share of the worlds any do. */
export interface Frequency {
  readonly share: number;
  readonly least: number;
  readonly most: number;
}

/** When they come within the busy time. */
export const momentsOf = (random: Random, { share, least, most }: Frequency, busyMs: number): readonly number[] =>
  Array.from({ length: random.chance(share) ? random.int(least, most) : 0 }, () => random.int(0, busyMs));

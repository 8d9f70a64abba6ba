/** How much of a whole comes up in one run of the tests, and which part of it. */
export interface Choice {
  /** Everything comes up. */
  readonly deep: boolean;
  /** A whole number, 0 or more, from which the part of each whole follows. */
  readonly number: number;
}

/** How many parts a whole of so many members has, when a part may have `size` of them. */
export const partsOf = (members: number, size: number): number => Math.max(1, Math.ceil(members / size));

/**
 * The members that come up: all of them in a deep run, else every n-th, where n is the number of parts. The parts of all
 * numbers together are the whole, and no member is in two parts. The order is kept.
 * @param size the most members that a part may have, at least 1
 */
export function rotated<T>(whole: readonly T[], size: number, { deep, number }: Choice): readonly T[] {
  if (deep) return whole;
  const parts = partsOf(whole.length, size);
  return whole.filter((_, i) => i % parts === number % parts);
}

/** The number that follows from a commit's id; 0 without one. */
export const numberOfCommit = (id: string | undefined): number =>
  id === undefined ? 0 : Number.parseInt(id.slice(0, 12), 16);

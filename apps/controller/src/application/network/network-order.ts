import type { NetworkRow } from '@cairn/projections';

/** The order in which a server gets ports in networks that it did not ask for: by priority, then the oldest first. */
export const byPriority = (one: NetworkRow, other: NetworkRow): number => {
  const [first, second] = [one.priority ?? Infinity, other.priority ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return one.createdAt + one.id < other.createdAt + other.id ? -1 : 1;
};

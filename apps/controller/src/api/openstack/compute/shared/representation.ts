/** Microversions one after the other, both ends included. */
interface Range {
  readonly since?: number;
  readonly until?: number;
}

/** The microversions that have a field. */
export type Versions = Range | readonly Range[];

export const isIn = (minor: number, versions: Versions): boolean =>
  [versions].flat().some(({ since = 1, until = Infinity }: Range) => since <= minor && minor <= until);

export type Shown = Record<string, unknown>;

/** A field of an answer: its name, its value (undefined where this caller is not shown it), the microversions that have it. */
export type ShownField<R, V> = readonly [name: string, valueOf: (row: R, viewer: V) => unknown, versions?: Versions];

/**
 * Presents a resource by a table of all fields that it has in any microversion, in their order. A field that changes its
 * meaning stands there once for each.
 */
export function representation<R, V extends { readonly minor: number }>(
  fields: readonly ShownField<R, V>[],
): (row: R, viewer: V) => Shown {
  const byMinor = new Map<number, readonly ShownField<R, V>[]>();
  const fieldsIn = (minor: number): readonly ShownField<R, V>[] => {
    const known = byMinor.get(minor);
    if (known !== undefined) return known;
    const found = fields.filter(([, , versions = {}]) => isIn(minor, versions));
    byMinor.set(minor, found);
    return found;
  };
  return (row, viewer) => {
    const shown = fieldsIn(viewer.minor).map(([name, valueOf]) => [name, valueOf(row, viewer)] as const);
    return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
  };
}

/** Microversions one after the other, both ends included. */
interface Range {
  readonly since?: number;
  readonly until?: number;
}

/** The microversions that have a field. */
export type Versions = Range | readonly Range[];

export const isIn = (minor: number, versions: Versions): boolean =>
  [versions].flat().some(({ since = 1, until = Infinity }: Range) => since <= minor && minor <= until);

/** An answer that is filled field by field: a list has a thousand of them, and to build each of entries takes half again as long. */
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
    const shown: Shown = {};
    for (const [name, valueOf] of fieldsIn(viewer.minor)) {
      const value = valueOf(row, viewer);
      // eslint-disable-next-line cairn/own-keys -- the names are the table's own
      if (value !== undefined) shown[name] = value;
    }
    return shown;
  };
}

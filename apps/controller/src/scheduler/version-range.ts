/** Ranges of a hypervisor's versions, as images name them: comparisons that all must hold, such as `>=6.2, <8`. */

const COMPARISON = /^\s*(<=|>=|<|>|==|!=)\s*(\d{1,3})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?\s*$/;

type Compare = (version: number, bound: number) => boolean;

const COMPARES: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ['<', (version, bound) => version < bound],
  ['<=', (version, bound) => version <= bound],
  ['>', (version, bound) => version > bound],
  ['>=', (version, bound) => version >= bound],
  ['==', (version, bound) => version === bound],
  ['!=', (version, bound) => version !== bound],
]);

const comparisonOf = (text: string): ((version: number) => boolean) | undefined => {
  const [, operator = '', major = '0', minor = '0', micro = '0'] = COMPARISON.exec(text) ?? [];
  const compare = COMPARES.get(operator);
  const bound = Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(micro);
  return compare && ((version) => compare(version, bound));
};

export const isVersionRange = (range: string): boolean =>
  range.split(',').every((text) => comparisonOf(text) !== undefined);

/** @param version major * 1,000,000 + minor * 1,000 + micro. */
export const isInRange = (version: number, range: string): boolean =>
  range.split(',').every((text) => comparisonOf(text)?.(version) === true);

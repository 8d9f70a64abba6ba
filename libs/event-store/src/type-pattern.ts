/** The embedded store takes no longer ones; what is left out of the pattern reaches the reader, who has no use for it. */
const MOST_CHARACTERS = 1_000;

const literal = (text: string): string => text.replaceAll('.', String.raw`\.`);

/**
 * A regular expression of the types that are wanted: not the store's own, and none of these (`Unwanted.without`), as far as
 * there is room to name them. Both JavaScript's and .NET's understand it.
 */
export function patternWithout(types: readonly string[]): string {
  const unwanted = [String.raw`\$`, ...byCategory(types)];
  const pattern = (): string => `^(?!${unwanted.join('|')})`;
  while (pattern().length > MOST_CHARACTERS) unwanted.pop();
  return pattern();
}

/** One alternative for each category: its name stands once. A type that ends with a dot is a whole category. */
function byCategory(types: readonly string[]): readonly string[] {
  const rests = new Map<string, string[]>();
  for (const type of types) {
    const end = type.indexOf('.') + 1;
    const category = type.slice(0, end);
    rests.set(category, [...(rests.get(category) ?? []), type.slice(end)]);
  }
  return [...rests].map(([category, all]) => `${literal(category)}${byVersion(all)}`);
}

/** One alternative for each version: it stands once. */
function byVersion(rests: readonly string[]): string {
  const whole = rests.filter((rest) => rest === '' || rest.endsWith('.')).map(literal);
  const names = new Map<string, string[]>();
  for (const rest of rests) {
    if (rest === '' || rest.endsWith('.')) continue;
    const end = rest.lastIndexOf('.');
    const version = end < 0 ? '' : rest.slice(end);
    names.set(version, [...(names.get(version) ?? []), literal(end < 0 ? rest : rest.slice(0, end))]);
  }
  return anyOf([...whole, ...[...names].map(([version, all]) => `${anyOf(all)}${literal(version)}$`)]);
}

const anyOf = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? first : `(?:${[first, ...others].join('|')})`;

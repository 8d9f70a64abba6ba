/** The embedded store takes no longer ones; what is left out of the pattern reaches the reader, who has no use for it. */
const MOST_CHARACTERS = 2_000;

const literal = (text: string): string => text.replaceAll('.', String.raw`\.`);

/**
 * A regular expression of the types that are wanted: not the store's own, and none of these (`Unwanted.without`), the first
 * of them, as many as there is room to name. Both JavaScript's and .NET's understand it.
 */
export function patternWithout(types: readonly string[]): string {
  for (let most = types.length; ; most -= 1) {
    const pattern = `^(?!${[String.raw`\$`, ...alternatives(types.slice(0, most))].join('|')})`;
    if (pattern.length <= MOST_CHARACTERS) return pattern;
  }
}

/** A type that ends with a dot is a whole category. Of the others, each version stands once, and in it each category. */
function alternatives(types: readonly string[]): readonly string[] {
  const [whole = [], single = []] = [true, false].map((is) => types.filter((type) => type.endsWith('.') === is));
  const ofVersion = ([version, all]: readonly [string, readonly string[]]): string => {
    const names = all.map((type) => type.slice(0, type.length - version.length));
    const named = [...Map.groupBy(names, categoryOf)].map(([category, own]) => {
      return literal(category) + anyOf(own.map((name) => literal(name.slice(category.length))));
    });
    return `${anyOf(named)}${literal(version)}$`;
  };
  return [...whole.map(literal), ...[...Map.groupBy(single, versionOf)].map(ofVersion)];
}

const categoryOf = (type: string): string => type.slice(0, type.indexOf('.') + 1);
const versionOf = (type: string): string => /\.v\d+$/.exec(type)?.[0] ?? '';

const anyOf = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? first : `(?:${[first, ...others].join('|')})`;

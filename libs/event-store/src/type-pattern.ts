/**
 * A regular expression of the types that are wanted: not the store's own, and none of these (`Unwanted.without`).
 * Both JavaScript's and .NET's understand it.
 */
export function patternWithout(types: readonly string[]): string {
  const unwanted = types.map((type) => {
    const literal = type.replaceAll('.', String.raw`\.`);
    return type.endsWith('.') ? literal : `${literal}$`;
  });
  return `^(?!${[String.raw`\$`, ...unwanted].join('|')})`;
}

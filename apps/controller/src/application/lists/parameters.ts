/** The query of a URL: each name with its values in order. */
export type QueryParameters = ReadonlyMap<string, readonly string[]>;

/** @param parsed what Fastify's query parser gives. */
export function queryParameters(parsed: unknown): QueryParameters {
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  return new Map(entries.map(([key, value]) => [key, [value as string | string[]].flat()]));
}

/** The last value of a parameter; undefined when it is not there. */
export const lastOf = (query: QueryParameters, name: string): string | undefined => query.get(name)?.at(-1);

/** The query without one parameter, encoded again: for links to other pages. */
export function encodedWithout(query: QueryParameters, name: string): URLSearchParams {
  const kept = [...query].filter(([key]) => key !== name);
  return new URLSearchParams(kept.flatMap(([key, values]) => values.map((value): [string, string] => [key, value])));
}

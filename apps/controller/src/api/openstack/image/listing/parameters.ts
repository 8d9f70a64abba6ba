/** Query parameters as Fastify parses them: a text, or all the texts of a repeated name. */
export type Query = Readonly<Record<string, unknown>>;

/** The values of a parameter, none for one that is absent. */
export const valuesOf = (query: Query, name: string): readonly string[] => {
  const value = own(query, name);
  return [value].flat().filter((each) => typeof each === 'string');
};

/** Of a repeated parameter the last one counts, as in a Python dict. */
export const valueOf = (query: Query, name: string): string | undefined => valuesOf(query, name).at(-1);

/** The query without some parameters, encoded again: for links to other pages. */
export function encoded(query: Query, without: readonly string[]): string {
  const kept = Object.keys(query)
    .filter((name) => !without.includes(name))
    .flatMap((name) => valuesOf(query, name).map((value): [string, string] => [name, value]));
  return new URLSearchParams(kept).toString();
}
import { own } from '@cairn/domain';

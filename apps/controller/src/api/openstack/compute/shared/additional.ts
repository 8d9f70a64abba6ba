import { own } from '@cairn/domain';
import { HttpProblem } from '../../../http';
import { isIn, type Versions } from './representation';

const unexpected = (name: string): HttpProblem =>
  badRequest(`Additional properties are not allowed ('${name.slice(0, 255)}' was unexpected)`);

/** The fields of a body that not every microversion knows. */
export type FieldVersions = Readonly<Record<string, Versions>>;

/** Refuses fields that the microversion does not know, as nova does with every unknown field. */
export function requireKnownFields(minor: number, body: object, fields: FieldVersions): void {
  const given = body as Readonly<Record<string, unknown>>;
  for (const [name, versions] of Object.entries(fields))
    if (own(given, name) !== undefined && !isIn(minor, versions)) throw unexpected(name);
}

/** From here on nova refuses query parameters that a route does not know. */
export const STRICT_SINCE = 75;

/** Refuses parameters that a route does not know, from 2.75 on unless it is another microversion. */
export function requireKnownParameters(
  { minor, query }: { readonly minor: number; readonly query: ReadonlyMap<string, unknown> },
  known: readonly string[],
  since = STRICT_SINCE,
): void {
  if (minor < since) return;
  const other = [...query.keys()].find((name) => !known.includes(name));
  if (other !== undefined) throw unexpected(other);
}

export const invalidUuid = (id: string): HttpProblem => badRequest(`Invalid uuid ${id.slice(0, 255)}`);

export const badRequest = (message: string): HttpProblem => new HttpProblem(400, message);

/** What a route of nova's that Cairn does not have yet answers. */
export const notBuilt = (): HttpProblem => new HttpProblem(501, 'The requested functionality is not supported.');

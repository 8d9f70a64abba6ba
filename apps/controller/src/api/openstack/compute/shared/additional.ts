import { own } from '@cairn/domain';
import { HttpProblem, shown } from '../../../http';
import { isIn, type Versions } from './representation';

/** What nova's schemas say of a field or parameter that they do not know. */
export const unexpected = (name: string): HttpProblem =>
  badRequest(`Additional properties are not allowed ('${name.slice(0, 255)}' was unexpected)`);

/** What nova's schemas say of a value. @param fault says which rule it breaks */
export const invalidField = (field: string, value: unknown, fault: string): HttpProblem =>
  badRequest(`Invalid input for field/attribute ${field}. Value: ${shown(value)}. ${fault}`);

/** Refuses every other name than these. @throws HttpProblem 400 */
export function requireKnown(names: Iterable<string>, known: readonly string[]): void {
  for (const name of names) if (!known.includes(name)) throw unexpected(name);
}

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
  if (minor >= since) requireKnown(query.keys(), known);
}

export const invalidUuid = (id: string): HttpProblem => badRequest(`Invalid uuid ${id.slice(0, 255)}`);

/** @throws HttpProblem 400 in nova's words for an id that is no number. */
export function requireInteger(id: string): void {
  if (!/^-?\d+$/.test(id)) throw badRequest('Invalid input received: id must be an integer');
}

export const badRequest = (message: string): HttpProblem => new HttpProblem(400, message);

/** What nova says, in webob's words with two blanks among them, of what it has removed. */
export const gone = (): HttpProblem =>
  new HttpProblem(410, 'This resource is no longer available.  No forwarding address is given.');

/** What a route of nova's that Cairn does not have yet answers. */
export const notBuilt = (): HttpProblem => new HttpProblem(501, 'The requested functionality is not supported.');

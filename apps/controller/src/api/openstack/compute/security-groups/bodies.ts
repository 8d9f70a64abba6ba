import { own } from '@cairn/domain';
import { isOfLength, isStorable, shown } from '../../../http';
import { badRequest } from '../shared/additional';

/** Nova's security groups have no schemas (Newton): their controllers look at bodies by hand, in these words. */

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value under a body's key. @throws HttpProblem 400 */
export function fieldsOf(body: unknown, key: string): Fields {
  if (!isObject(body) || Object.keys(body).length === 0) throw badRequest("The request body can't be empty");
  const value = own(body, key) ?? null;
  if (value === null) throw badRequest(`Missing parameter ${key}`);
  if (!isObject(value)) throw badRequest(`Invalid input for field/attribute ${key}. Value: ${shown(value)}.`);
  return value;
}

/** A group's name or description. @throws HttpProblem 400 */
export function propertyOf(fields: Fields, name: 'name' | 'description'): string {
  const value = own(fields, name);
  if (typeof value !== 'string') throw badRequest(`Security group ${name} is not a string or unicode`);
  if (value.trim() === '') throw badRequest(`Security group ${name} cannot be empty.`);
  if (!isOfLength(value, 1, 255)) throw badRequest(`Security group ${name} should not be greater than 255 characters.`);
  if (!isStorable(value)) throw badRequest(`Security group ${name} holds a character that cannot be stored.`);
  return value;
}

const MOST = 2 ** 31 - 1;

/** A group's or rule's integer id; 0, which no group has, for a number that none can have. @throws HttpProblem 400 */
export function numberOf(id: unknown, what: 'Security group' | 'Rule'): number {
  const text = typeof id === 'number' ? String(id) : id;
  if (typeof text !== 'string' || !/^\s*[+-]?\d{1,30}\s*$/.test(text)) throw badRequest(`${what} id should be integer`);
  const number = Number(text);
  return number > 0 && number <= MOST ? number : 0;
}

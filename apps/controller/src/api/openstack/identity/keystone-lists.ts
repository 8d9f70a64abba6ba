import { own } from '@cairn/domain';
import {
  type ColumnOf,
  equal,
  everything,
  type Filter,
  type Filters,
  type ListApi,
  type Place,
  part,
} from '../../../application/lists';
import { booleanWord } from '../boolean-words';

const PLACES: ReadonlyMap<string, Place> = new Map([
  ['contains', 'anywhere'],
  ['startswith', 'start'],
  ['endswith', 'end'],
]);

/** `name__contains`, or `name__icontains` without case; Keystone takes any other comparison for always true. */
function inexact<R>(name: string, filters: Filters<R>): Filter<R> | undefined {
  const [base = '', comparison] = name.split(/__(.*)/s, 2);
  const column = own(filters, base)?.text;
  if (comparison === undefined || column === undefined) return undefined;
  const ignoreCase = comparison.startsWith('i');
  const place = PLACES.get(ignoreCase ? comparison.slice(1) : comparison);
  return { read: ({ value }) => (place === undefined ? everything() : part(column, value, place, ignoreCase)) };
}

/** Keystone's v3 lists are whole, in one order; of a repeated parameter the first counts, and unknown ones are ignored. */
export const keystoneLists: ListApi = {
  isWord: () => false,
  pick: ([first = '']) => first,
  limit: () => null,
  offset: () => 0,
  orders: (_, { usual }) => usual,
  derived: inexact,
};

/** Keystone takes every word but those for false for true. */
export const flagWord = (text: string): boolean => booleanWord(text) ?? true;

export const flagged = <R>(column: ColumnOf<R>): Filter<R> => ({
  read: ({ value }) => equal(column, flagWord(value)),
});

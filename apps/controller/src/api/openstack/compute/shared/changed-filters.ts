import type { Instant } from '@cairn/domain';
import { type ColumnOf, compared, type Filter, type Given, lastOf } from '../../../../application/lists';
import { badRequest } from './additional';
import { invalidParameter } from './nova-lists';
import { parseMoment } from './timestamps';

/** The microversion that brings the parameter `changes-before`. */
export const BEFORE_SINCE = 66;

function momentOf({ name, value }: Given): Instant {
  const at = parseMoment(value);
  if (at === undefined) throw invalidParameter(name, value, `'${value.slice(0, 255)}' is not a 'date-time'`);
  return at;
}

/** `changes-since`, over when a row last changed. @param since the microversion that brings it */
export const changesSince = <R>(column: ColumnOf<R>, since = 0): Filter<R> => ({
  since,
  read: (given) => compared(column, '>=', momentOf(given)),
});

/** @throws HttpProblem 400 also for a time that ends before it begins. */
const changesBefore = <R>(column: ColumnOf<R>): Filter<R> => ({
  since: BEFORE_SINCE,
  read: (given) => {
    const [end, begin] = [momentOf(given), parseMoment(lastOf(given.asking.query, 'changes-since') ?? '')];
    if (begin !== undefined && end < begin)
      throw badRequest('The value of changes-since must be less than or equal to changes-before.');
    return compared(column, '<=', end);
  },
});

/** Both. */
export const changedFilters = <R>(column: ColumnOf<R>, since?: number): Readonly<Record<string, Filter<R>>> => ({
  'changes-since': changesSince(column, since),
  'changes-before': changesBefore(column),
});

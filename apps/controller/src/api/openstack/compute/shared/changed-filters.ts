import { type ColumnOf, compared, type Filter, lastOf } from '../../../../application/lists';
import { badRequest } from './additional';
import type { ComputeRequest } from './compute-request';
import { invalidParameter } from './nova-lists';
import { parseMoment } from './timestamps';

/** The microversion that filters lists by an end of time. */
export const BEFORE_SINCE = 66;

function changed<R>(operator: '<=' | '>=', since: number, column: ColumnOf<R>): Filter<R> {
  return {
    since,
    read: ({ name, value }) => {
      const at = parseMoment(value);
      if (at === undefined) throw invalidParameter(name, value, `'${value.slice(0, 255)}' is not a 'date-time'`);
      return compared(column, operator, at);
    },
  };
}

/** `changes-since`, from a microversion on, and `changes-before`, over when a row last changed. */
export const changedFilters = <R>(since: number, column: ColumnOf<R>): Readonly<Record<string, Filter<R>>> => ({
  'changes-since': changed('>=', since, column),
  'changes-before': changed('<=', BEFORE_SINCE, column),
});

/** @throws HttpProblem 400 for an end of time that is before its beginning. */
export function requireOrder({ query, minor }: ComputeRequest): void {
  const [since, before] = ['changes-since', 'changes-before'].map((name) => parseMoment(lastOf(query, name) ?? ''));
  if (minor >= BEFORE_SINCE && since !== undefined && before !== undefined && before < since)
    throw badRequest('The value of changes-since must be less than or equal to changes-before.');
}

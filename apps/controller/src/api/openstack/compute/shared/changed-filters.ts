import { type ColumnOf, compared, type Filter } from '../../../../application/lists';
import { BEFORE_SINCE, invalidParameter } from './nova-lists';
import { parseMoment } from './timestamps';

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

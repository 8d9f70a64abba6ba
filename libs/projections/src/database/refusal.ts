import { codeOf } from './error-code';

/**
 * A value that does not fit its column, a rule that rows break, a row or index entry that is too large: PostgreSQL's classes
 * of data exceptions, broken constraints and exceeded limits, and SQLite's words for the same.
 */
const REFUSAL = /^(22...|23...|54...|SQLITE_(CONSTRAINT|TOOBIG|MISMATCH).*)$/;

/** What JavaScript and the drivers throw for a value that cannot become a parameter. */
const UNUSABLE: readonly unknown[] = ['RangeError', 'TypeError'];

/**
 * True when an error says that rows cannot be stored as they are, now or later: the database refuses them, or they could
 * not even be made into parameters.
 */
export const isRefusal = (error: unknown): boolean =>
  UNUSABLE.includes((Object(error) as { readonly name?: unknown }).name) || REFUSAL.test(codeOf(error));

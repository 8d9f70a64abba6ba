import { codeOf } from './code-of';

/** No block, no quota or no larger file is to be had; SQLite's word for the same. */
const CODES: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'];

const MOST_CAUSES = 8;

/**
 * True when something failed, at whatever depth of causes, for want of space. It has one meaning in every process: what was
 * asked for is not done, nothing ends, and the same succeeds when there is space again.
 */
export function isNoSpace(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < MOST_CAUSES && cause !== undefined && cause !== null; depth += 1) {
    const { driverError } = Object(cause) as { readonly driverError?: unknown };
    if (CODES.includes(codeOf(cause)) || CODES.includes(codeOf(driverError))) return true;
    cause = (Object(cause) as { readonly cause?: unknown }).cause;
  }
  return false;
}

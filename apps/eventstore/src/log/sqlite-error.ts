/**
 * Whether an error is SQLite's with this result code or one that extends it (`SQLITE_BUSY`, `SQLITE_BUSY_SNAPSHOT`). By
 * the code alone: a process that loaded better-sqlite3 twice has two error classes of the same name.
 */
export const hasCode = (error: unknown, code: string): boolean => {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code === code || error.code.startsWith(`${code}_`);
};

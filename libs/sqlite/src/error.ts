/** SQLite's primary result codes, by number (sqlite.org/rescode.html). */
// prettier-ignore
const PRIMARY = [
  'OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT',
  'IOERR', 'CORRUPT', 'NOTFOUND', 'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT',
  'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE', 'NOTADB',
];

/** What extends two of them: which constraint does not hold, and which call of the system failed. */
// prettier-ignore
const EXTENSIONS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  IOERR: [
    'READ', 'SHORT_READ', 'WRITE', 'FSYNC', 'DIR_FSYNC', 'TRUNCATE', 'FSTAT', 'UNLOCK', 'RDLOCK', 'DELETE',
    'BLOCKED', 'NOMEM', 'ACCESS', 'CHECKRESERVEDLOCK', 'LOCK', 'CLOSE', 'DIR_CLOSE', 'SHMOPEN', 'SHMSIZE', 'SHMLOCK',
    'SHMMAP', 'SEEK', 'DELETE_NOENT', 'MMAP', 'GETTEMPPATH', 'CONVPATH', 'VNODE', 'AUTH', 'BEGIN_ATOMIC',
    'COMMIT_ATOMIC', 'ROLLBACK_ATOMIC', 'DATA', 'CORRUPTFS', 'IN_PAGE',
  ],
  CONSTRAINT: [
    'CHECK', 'COMMITHOOK', 'FOREIGNKEY', 'FUNCTION', 'NOTNULL', 'PRIMARYKEY', 'TRIGGER', 'UNIQUE', 'VTAB', 'ROWID',
    'PINNED', 'DATATYPE',
  ],
}));

/** The name of a result code, `SQLITE_IOERR_WRITE` for 778. Of a code without a name here, the name of what it extends. */
export function nameOf(code: number): string {
  const primary = PRIMARY[code & 0xff] ?? 'UNKNOWN';
  const extension = EXTENSIONS.get(primary)?.[(code >> 8) - 1];
  return ['SQLITE', primary, ...(extension === undefined ? [] : [extension])].join('_');
}

/** Throws the error with SQLite's name as its `code`: Node.js gives all of them `ERR_SQLITE_ERROR` and a number. */
export function rethrow(error: unknown): never {
  if (typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number')
    Object.assign(error, { code: nameOf(error.errcode) });
  throw error;
}

/** Whether an error is SQLite's with this result code or one that extends it (`SQLITE_BUSY`, `SQLITE_BUSY_SNAPSHOT`). */
export const hasCode = (error: unknown, code: string): boolean => {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code === code || error.code.startsWith(`${code}_`);
};

import { hasCode, nameOf } from './error';

describe('nameOf', () => {
  // the numbers of sqlite.org/rescode.html
  it.each([
    [1, 'SQLITE_ERROR'],
    [5, 'SQLITE_BUSY'],
    [517, 'SQLITE_BUSY'], // SQLITE_BUSY_SNAPSHOT
    [13, 'SQLITE_FULL'],
    [26, 'SQLITE_NOTADB'],
    [10, 'SQLITE_IOERR'],
    [266, 'SQLITE_IOERR_READ'],
    [778, 'SQLITE_IOERR_WRITE'],
    [1034, 'SQLITE_IOERR_FSYNC'],
    [4874, 'SQLITE_IOERR_SHMSIZE'],
    [8714, 'SQLITE_IOERR_IN_PAGE'],
    [1555, 'SQLITE_CONSTRAINT_PRIMARYKEY'],
    [2067, 'SQLITE_CONSTRAINT_UNIQUE'],
    [3091, 'SQLITE_CONSTRAINT_DATATYPE'],
    [255, 'SQLITE_UNKNOWN'],
  ])('calls %d %s', (code, name) => {
    expect(nameOf(code)).toBe(name);
  });
});

describe('hasCode', () => {
  it('knows a code and what extends it, and no longer word that begins alike', () => {
    expect(hasCode({ code: 'SQLITE_IOERR_WRITE' }, 'SQLITE_IOERR')).toBe(true);
    expect(hasCode({ code: 'SQLITE_IOERR' }, 'SQLITE_IOERR')).toBe(true);
    expect(hasCode({ code: 'SQLITE_IOERRX' }, 'SQLITE_IOERR')).toBe(false);
    expect(hasCode({ code: 778 }, 'SQLITE_IOERR')).toBe(false);
    expect(hasCode(undefined, 'SQLITE_IOERR')).toBe(false);
  });
});

import { Database } from './database';
import { isDamage, requireSound } from './damage';

const said = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

describe('isDamage', () => {
  it.each([
    [said('SQLITE_NOTADB')],
    [said('SQLITE_CORRUPT_INDEX')],
    [said('SQLITE_IOERR_SHORT_READ')],
    [said('SQLITE_ERROR', 'no such table: a')],
    [said('SQLITE_ERROR', 'table a already exists')],
    [said('SQLITE_ERROR', 'index a already exists')],
    [Object.assign(new Error('wrapped'), { driverError: said('SQLITE_NOTADB') })],
  ])('is so: %s', (error) => {
    expect(isDamage(error)).toBe(true);
  });

  it.each([
    [said('SQLITE_FULL')],
    [said('SQLITE_BUSY')],
    [said('SQLITE_ERROR', 'near "x": syntax error')],
    [undefined],
  ])('is not: %s', (error) => {
    expect(isDamage(error)).toBe(false);
  });
});

describe('requireSound', () => {
  it('passes a sound database, and calls what the check finds damage', async () => {
    const database = new Database(':memory:');
    const ask = (sql: string): Promise<readonly unknown[]> => Promise.resolve(database.prepare(sql).all());
    await requireSound(ask);
    database.close();
    const found = await requireSound(() => Promise.resolve([{ quick_check: 'row 1 missing' }])).catch(
      (error: unknown) => error,
    );
    expect([String(found), isDamage(found)]).toEqual(['Error: row 1 missing', true]);
  });
});

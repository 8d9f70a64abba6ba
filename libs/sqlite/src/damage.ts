/** No database, damaged pages, a file that ends too early. */
const DAMAGE = /^SQLITE_(NOTADB|CORRUPT|FORMAT|IOERR_SHORT_READ)/;

/**
 * What SQLite says, with the code of any error, of a schema that it cannot read, of a table or column that is not there,
 * and of one that is there where the file was taken for a new one, because another is gone.
 */
const DAMAGED_SCHEMA = /no such (table|column)|has no column|malformed|already exists/;

/** A file that SQLite can read, with other things in it than it should hold. */
export class DamagedDatabase extends Error {}

/**
 * True when an error says that a file is damaged, and not that it cannot be read or written now. Only for files whose
 * statements and tables belong together: for others a missing table is a mistake in the statement.
 * @param error SQLite's, also where TypeORM has wrapped it
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedDatabase) return true;
  const { code, driverError } = Object(error) as { readonly code?: unknown; readonly driverError?: unknown };
  if (typeof code !== 'string') return driverError !== undefined && isDamage(driverError);
  return DAMAGE.test(code) || (code === 'SQLITE_ERROR' && DAMAGED_SCHEMA.test(String(error)));
}

/**
 * Reads all of a database.
 * @param query answers one statement with its rows
 * @throws an error that `isDamage` when it is not sound
 */
export async function requireSound(query: (sql: string) => Promise<readonly unknown[]>): Promise<void> {
  const [row] = await query('PRAGMA quick_check(1)');
  const { quick_check: found } = Object(row) as { readonly quick_check?: unknown };
  if (found !== 'ok') throw new DamagedDatabase(typeof found === 'string' ? found : 'no answer');
}

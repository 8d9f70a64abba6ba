import type { DataSource } from 'typeorm';

/**
 * Opens a database, has it read, and closes it.
 * @param read throws where something cannot be read
 * @returns the damage that was found; undefined for none
 * @throws every other error
 */
export async function foundDamage(
  source: DataSource,
  read: () => Promise<void>,
  isDamage: (error: unknown) => boolean,
): Promise<string | undefined> {
  try {
    await source.initialize();
    await read();
    return undefined;
  } catch (error) {
    if (isDamage(error)) return String(error);
    throw error;
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

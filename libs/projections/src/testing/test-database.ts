import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadModelDatabase } from '../database/database';
import { dropReadModels } from '../open-read-model';

/** A database of one test's own. */
export interface TestDatabase {
  readonly database: ReadModelDatabase;
  remove(): Promise<void>;
}

/**
 * SQLite in a temporary folder; or schemas of its own on the server that `CAIRN_TEST_DATABASE` names, which is so in
 * the tests' project `postgres` (jest.config.ts).
 */
export async function testDatabase(): Promise<TestDatabase> {
  const url = process.env['CAIRN_TEST_DATABASE'];
  if (url !== undefined) {
    const database = { type: 'postgres', url, prefix: `t${randomBytes(6).toString('hex')}` } as const;
    return { database, remove: () => dropReadModels(database) };
  }
  const directory = await mkdtemp(join(tmpdir(), 'cairn-read-model-'));
  return { database: { type: 'sqlite', directory }, remove: () => rm(directory, { recursive: true, force: true }) };
}

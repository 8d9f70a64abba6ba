import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadModelDatabase } from '@cairn/projections';

import type { ControllerConfig } from './config';
import { READ_MODEL } from './state-files';

/** Where this controller keeps its read models. @throws the file system's error for a password that cannot be read. */
export async function readModelDatabase(config: ControllerConfig): Promise<ReadModelDatabase> {
  const { databaseUrl: url, databasePasswordFile: file } = config;
  if (url === null) return { type: 'sqlite', directory: join(config.stateDir, READ_MODEL) };
  return { type: 'postgres', url, password: file === null ? undefined : (await readFile(file, 'utf8')).trim() };
}

import { dropReadModels } from '@cairn/projections';

import type { ControllerConfig } from '../config';
import { readModelDatabase } from '../read-model-database';

/** Drops every generation of the read models that no other process reads: the next controller builds them from the log. */
export async function dropReadModelsOf(config: ControllerConfig): Promise<number> {
  await dropReadModels(await readModelDatabase(config));
  return 0;
}

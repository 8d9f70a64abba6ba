import { join } from 'node:path';
import { modulesIn } from '../../../domain/src/testing/modules-in';
import type { MemoryReadModel } from '../runner/memory-read-model';
import type { EntityOf } from '../runner/row-store';
import type { TinyCloud } from './tiny-cloud';

/** What rows have to show of the states that the deciders fold, after any history. */
export interface Agreement {
  /** Of what the rows are, and what they say of it. */
  readonly says: string;
  /** The classes of the rows that are compared. */
  readonly rows: readonly EntityOf[];
  /** Expects it. */
  holds(cloud: TinyCloud, model: MemoryReadModel): void;
}

/** Every agreement: those that the files of the folder `agreement` export. */
export const AGREEMENTS: readonly Agreement[] = [...modulesIn(join(__dirname, 'agreement')).values()].flatMap(
  (module) => Object.values(module) as readonly Agreement[],
);

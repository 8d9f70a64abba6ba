import type { Database } from '@cairn/sqlite';

/** The stream whose newest event says which store this is; its content is `{ storeId, epoch }`. */
export const STORE_STREAM = '$store';

/** Which history this is: a restored copy keeps the id and gets a higher epoch, so that its consumers notice. */
export interface StoreIdentity {
  /** A UUID, for as long as there are copies. */
  readonly storeId: string;
  /** 1 for a new store, one more with every restore. */
  readonly epoch: number;
}

/** @throws Error when the file names no store */
export function readIdentity(db: Database): StoreIdentity {
  const row = db.prepare<[], StoreIdentity>('SELECT id AS storeId, epoch FROM store').get();
  if (row === undefined) throw new Error('damaged log: it does not say which store it is');
  return row;
}

import type { Row } from '../projection';

/** What a row has in a column, which is named as its property. */
export const valueOf = (row: Row, column: string): unknown =>
  // eslint-disable-next-line cairn/own-keys -- columns are the names of an entity's properties
  (row as unknown as Readonly<Record<string, unknown>>)[column];

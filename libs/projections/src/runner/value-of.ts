import type { Row } from '../projection';

/** What a row has in a column, which is named as its property. */
export const valueOf = (row: Row, column: string): unknown =>
  (row as unknown as Readonly<Record<string, unknown>>)[column];

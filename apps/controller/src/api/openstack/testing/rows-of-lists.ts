import fc from 'fast-check';
import { type EntityOf, RoleAssignmentRow, type Row, ServerTagRow } from '@cairn/projections';
import type { DataSource } from 'typeorm';
import { SqlRowStore } from '../../../../../../libs/projections/src/runner/sql-row-store';
import type { AnyList } from './lists';
import { plainRows, rowsOf } from './random-rows';

/** Rows of one list, and of those that conditions on it refer to. */
export interface Rows {
  readonly own: readonly Row[];
  readonly others: ReadonlyMap<EntityOf, readonly Row[]>;
}

/** Tables that conditions refer to, each with the column that names a row of the list, and what that is otherwise. */
const REFERRED: readonly (readonly [EntityOf, column: string, usual: string])[] = [
  [RoleAssignmentRow, 'projectId', 'p1'],
  [ServerTagRow, 'serverId', 'k'],
];

export function rowsForList(database: DataSource, list: AnyList): fc.Arbitrary<Rows> {
  const referred = fc.tuple(...REFERRED.map(([entity]) => rowsOf(database, entity, 'id')));
  if (list.entity === undefined) return fc.record({ own: plainRows(list), others: fc.constant(new Map()) });
  const own = rowsOf(database, list.entity, list.key);
  return fc.tuple(own, referred).map(([rows, given]) => ({
    own: rows,
    others: new Map(
      REFERRED.map(([entity, column, usual], table) => {
        const named = (given[table] ?? []).map((row, i) => ({ ...row, [column]: rows[i % 3]?.id ?? usual }));
        return [entity, entity === (list.entity as EntityOf) ? rows : named];
      }),
    ),
  }));
}

/** The rows of another table, as the memory's judgement looks them up. */
export const lookedUp =
  ({ others }: Rows) =>
  (entity: EntityOf): readonly Row[] =>
    others.get(entity) ?? [];

/** Puts the rows, and nothing else, into the tables of a database. */
export async function fillTables(database: DataSource, { entity }: AnyList, { own, others }: Rows): Promise<void> {
  if (entity === undefined) return;
  const store = new SqlRowStore(database);
  await store.reset(null);
  await store.advance(null, '00000000000000000001', async (rows) => {
    await rows.put(entity, own);
    for (const [other, given] of others) if (other !== (entity as EntityOf)) await rows.put(other, given);
  });
}

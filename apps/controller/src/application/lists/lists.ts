import { type Clause, type EntityOf, fetchWhere, type ReadModel, type Row } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { READ_MODEL } from '../core';
import { all, type ColumnOf, type Condition, isImpossible, oneOf } from './condition';
import type { Asking, Page, TableList } from './definition';
import { PatternMatcher } from './pattern-matcher';
import { markerOf, matching, pageOf, type Plan, planOf } from './plan';
import { joined, SqlConditions } from './sql';

/** Every list of rows of the read models, whatever API asks for it. */
@Injectable()
export class Lists {
  /** The one place where clients' regular expressions are matched. */
  private readonly patterns = new PatternMatcher();

  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  /**
   * One page: at most three statements, however long the list is.
   * @param columns the columns to read of each row; all unless given
   * @throws in the API's words for a request that makes no sense; DomainError `invalid` for a bad expression.
   */
  async page<R extends Row, C extends ColumnOf<R> = ColumnOf<R>>(
    definition: TableList<R>,
    asking: Asking,
    columns?: readonly C[],
  ): Promise<Page<Pick<R, C>>> {
    const plan = planOf(definition, asking);
    const shown = columns && [...columns, definition.key, markerOf(definition, asking)?.column ?? definition.key];
    const isMatched = plan.matched.length > 0;
    const read = await this.readModel.read(async (entities) => {
      const reader = new TableReader(entities, definition);
      const at = await reader.marker(asking, plan);
      if (plan.limit === 0 || isImpossible(plan.where)) return [];
      return isMatched ? reader.candidates(plan, at) : reader.page(plan, at, shown);
    });
    const rows = isMatched ? await this.matched(definition, asking, plan, read, shown) : read;
    return pageOf(definition, asking, plan, rows);
  }

  /** The rows that fulfil a condition, in no order: what the presenter of a list needs besides. */
  async rows<R extends Row, C extends ColumnOf<R>>(
    entity: EntityOf<R>,
    where: Condition<R>,
    columns?: readonly C[],
  ): Promise<readonly Pick<R, C>[]> {
    if (isImpossible(where)) return [];
    return this.readModel.read((entities) => {
      const clause = new SqlConditions(entities.dataSource, entity).clause(where);
      return fetchWhere(entities, entity, clause, { columns });
    });
  }

  /** Outside of a read, which would keep a connection to the database for as long as the expressions take. */
  private async matched<R extends Row>(
    definition: TableList<R>,
    { projectId, userId }: Asking,
    { matched, limit, offset }: Plan<R>,
    candidates: readonly R[],
    columns?: readonly ColumnOf<R>[],
  ): Promise<readonly R[]> {
    const turn = { party: projectId ?? '', member: userId };
    const found = await matching(candidates, matched, (pattern, texts) => this.patterns.match(pattern, texts, turn));
    const ids = found.slice(offset, limit === null ? undefined : offset + limit).map(({ id }) => id);
    const shown = columns && ['id' as ColumnOf<R>, ...columns];
    const rows = (await this.rows(definition.entity, oneOf('id' as ColumnOf<R>, ids), shown)) as readonly R[];
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
  }
}

class TableReader<R extends Row> {
  private readonly conditions: SqlConditions<R>;

  constructor(
    private readonly entities: EntityManager,
    private readonly definition: TableList<R>,
  ) {
    this.conditions = new SqlConditions(entities.dataSource, definition.entity);
  }

  /** The row that a request names as its marker, with the columns that tell which rows follow it. */
  async marker(asking: Asking, { marker, orders }: Plan<R>): Promise<R | null> {
    const column = markerOf(this.definition, asking)?.column;
    if (marker === null || column === undefined) return null;
    const named = this.conditions.named(column, marker.text);
    if (named === undefined) throw marker.missing();
    const where = this.conditions.clause(all([named, marker.visible]));
    const columns = [column, ...orders.map((order) => order.column)];
    const [row] = await fetchWhere(this.entities, this.definition.entity, where, { columns, limit: 1 });
    if (row === undefined) throw marker.missing();
    return row;
  }

  page(plan: Plan<R>, at: R | null, columns?: readonly ColumnOf<R>[]): Promise<readonly R[]> {
    const { limit, offset } = plan;
    const orderBy = this.orderBy(plan);
    return fetchWhere(this.entities, this.definition.entity, this.where(plan, at), { columns, orderBy, limit, offset });
  }

  /** All rows that expressions decide about, with the columns that those need. */
  candidates(plan: Plan<R>, at: R | null): Promise<readonly R[]> {
    const columns = ['id', ...plan.matched.flatMap((matched) => matched.columns)];
    const orderBy = this.orderBy(plan);
    return fetchWhere(this.entities, this.definition.entity, this.where(plan, at), { columns, orderBy });
  }

  private where({ where, orders }: Plan<R>, at: R | null): Clause {
    const clause = this.conditions.clause(where);
    if (at === null) return clause;
    return joined(' AND ', [clause, this.conditions.behind(at, orders)]);
  }

  private orderBy({ orders }: Plan<R>): readonly string[] {
    return orders.map((order) => `${this.conditions.sortedBy(order)} ${order.direction}`);
  }
}

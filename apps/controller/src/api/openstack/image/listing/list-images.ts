import { Inject, Injectable } from '@nestjs/common';
import { ImageRow, type ReadModel } from '@cairn/projections';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';

import { type Caller, READ_MODEL } from '../../../../application/core';
import { HttpProblem } from '../../../http';
import { canSee } from '../../../../application/image/access';
import { type ImageView, viewOfRow } from '../../../../application/image/image-view';
import { type Condition, ParameterNames } from './conditions';
import { conditionsOf } from './filters';
import { behind, limitOf, sortedBy } from './page';
import { encoded, type Query, valueOf } from './parameters';
import { type Order, orderOf } from './sorting';

/** A page of a list, with Glance's links to it. */
export interface ImagePage {
  readonly images: readonly ImageView[];
  readonly first: string;
  /** Absent on the last page; present where another page, perhaps an empty one, follows. */
  readonly next?: string;
}

/** `GET /v2/images`, from the read model. */
@Injectable()
export class ListImages {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  /** @throws HttpProblem 400 in Glance's words for a query that makes no sense. */
  async run(caller: Caller, query: Query): Promise<ImagePage> {
    const [names, limit, orders] = [new ParameterNames(), limitOf(query), orderOf(query)];
    const asked = conditionsOf(caller, query, names);
    const markerId = valueOf(query, 'marker');
    const rows = await this.readModel.read(async (entities) => {
      const conditions = [asked];
      if (markerId !== undefined) conditions.push(behind(await markerOf(caller, entities, markerId), orders, names));
      return limit === 0 ? [] : select(entities, conditions, orders).take(limit).getMany();
    });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      images: rows.map(viewOfRow).filter((view) => view !== undefined),
      first: page(encoded(query, ['marker'])),
      ...(last === undefined ? {} : { next: page(`${encoded(query, ['marker'])}&marker=${last.id}`) }),
    };
  }
}

const page = (query: string): string => (query === '' ? '/v2/images' : `/v2/images?${query.replace(/^&/, '')}`);

/** @throws HttpProblem 400 for a marker that the caller does not see (as Glance: not 404, it is not what was asked for). */
async function markerOf(caller: Caller, entities: EntityManager, markerId: string): Promise<ImageRow> {
  const row = await entities.findOneBy(ImageRow, { id: markerId });
  const view = row === null ? undefined : viewOfRow(row);
  if (row === null || view === undefined || !canSee(caller, view.record)) {
    throw new HttpProblem(400, `No image found with ID ${markerId}`);
  }
  return row;
}

function select(
  entities: EntityManager,
  conditions: readonly Condition[],
  orders: readonly Order[],
): SelectQueryBuilder<ImageRow> {
  const query = entities.createQueryBuilder(ImageRow, 'image');
  for (const { sql, parameters } of conditions) query.andWhere(sql, parameters);
  for (const order of orders) query.addOrderBy(sortedBy(order), order.direction === 'asc' ? 'ASC' : 'DESC');
  return query;
}

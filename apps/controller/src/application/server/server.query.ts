import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@cairn/domain';
import { fetchRows, HostRow, type ReadModel, ServerRow } from '@cairn/projections';
import { Brackets, type EntityManager, In, type SelectQueryBuilder } from 'typeorm';
import { READ_MODEL } from '../core';
import type { Turn } from '../../runtime/fair-queue';
import { PatternMatcher } from './pattern-matcher';
import { type ServerFilter, SORT_COLUMNS, type Sorting, type StateFilter } from './server-filter';

type Servers = SelectQueryBuilder<ServerRow>;

/** Servers as rows, for the presenters of all façades. */
@Injectable()
export class ServerQuery {
  private readonly patterns = new PatternMatcher();

  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  /** Returns a deleted server, too; the caller decides who may see it. */
  async find(id: string): Promise<ServerRow | null> {
    const [row = null] = await this.readModel.rowsWith(ServerRow, { id });
    return row;
  }

  /**
   * One page.
   * @param turn who asks: expressions of different callers take turns
   * @throws DomainError `invalid` for a marker that is not in the list, or a bad expression.
   */
  async list(filter: ServerFilter, turn: Turn): Promise<readonly ServerRow[]> {
    const { name, address, limit } = filter;
    const asked = await this.readModel.read(async (rows) => {
      const page = filtered(rows, filter);
      await afterMarker(rows, page, filter);
      sorted(page, filter.sort);
      if (name !== null || address !== null) return fetchRows(page.select(['s.id', 's.name', 's.fixedIps']));
      if (filter.brief) page.select(['s.id', 's.name']);
      return fetchRows(page.limit(limit));
    });
    if (name === null && address === null) return asked;
    // outside of the read: it would keep a connection to the database for as long as the expressions take
    const named = name === null ? asked : await this.matching(name, asked, (server) => [server.name], turn);
    const found = address === null ? named : await this.matching(address, named, addressesOf, turn);
    return this.whole(found.slice(0, limit).map(({ id }) => id));
  }

  /** The servers of which one of the texts matches. */
  private async matching(
    pattern: string,
    servers: readonly ServerRow[],
    textsOf: (server: ServerRow) => readonly string[],
    turn: Turn,
  ): Promise<readonly ServerRow[]> {
    const texts = servers.flatMap((server, i) => textsOf(server).map((text) => ({ i, text })));
    const found = await this.patterns.match(
      pattern,
      texts.map(({ text }) => text),
      turn,
    );
    const hits = new Set(texts.filter((_, j) => found[j]).map(({ i }) => i));
    return servers.filter((_, i) => hits.has(i));
  }

  /** Expressions are matched on names and addresses alone; only the rows of the page are read whole. */
  private async whole(ids: readonly string[]): Promise<readonly ServerRow[]> {
    const rows = await this.readModel.read((all) =>
      fetchRows(all.createQueryBuilder(ServerRow, 's').where({ id: In([...ids]) })),
    );
    const byId = new Map(rows.map((server) => [server.id, server]));
    return ids.map((id) => byId.get(id)).filter((server) => server !== undefined);
  }

  /** The hosts that these servers are on, by id. */
  async hostsOf(servers: readonly ServerRow[]): Promise<ReadonlyMap<string, HostRow>> {
    const ids = [...new Set(servers.map(({ hostId }) => hostId).filter((id) => id !== null))];
    const [id, ...others] = ids;
    if (id === undefined) return new Map();
    const hosts =
      others.length === 0
        ? await this.readModel.rowsWith(HostRow, { id })
        : await this.readModel.read((rows) => fetchRows(rows.createQueryBuilder(HostRow, 'h').where({ id: In(ids) })));
    return new Map(hosts.map((host) => [host.id, host]));
  }
}

const addressesOf = ({ fixedIps }: ServerRow): readonly string[] => fixedIps.split(' ').filter(Boolean);

function filtered(rows: EntityManager, filter: ServerFilter): Servers {
  const query = rows.createQueryBuilder(ServerRow, 's');
  if (filter.projectId !== null) query.andWhere('s.projectId = :projectId', { projectId: filter.projectId });
  if (filter.deleted !== 'both') query.andWhere('s.deleted = :deleted', { deleted: filter.deleted === 'only' });
  if (filter.changedSince !== null) query.andWhere('s.updatedAt >= :since', { since: filter.changedSince });
  for (const [column, value] of Object.entries(filter.exact)) {
    if (value === null) query.andWhere(`s.${column} IS NULL`);
    else query.andWhere(`s.${column} = :${column}`, { [column]: value });
  }
  if (filter.states !== null) query.andWhere(anyOf(filter.states));
  return query;
}

const anyOf = (states: readonly StateFilter[]): Brackets =>
  new Brackets((or) => {
    if (states.length === 0) or.where('1 = 0');
    states.forEach(({ vmState, tasks, notTasks = [] }, i) => {
      const name = `state${String(i)}`;
      const parameters = { [name]: vmState, [`${name}Tasks`]: tasks ?? notTasks };
      const inTasks = `s.taskState IN (:...${name}Tasks)`;
      const notIn = `(s.taskState IS NULL OR s.taskState NOT IN (:...${name}Tasks))`;
      const task = tasks !== undefined ? ` AND ${inTasks}` : notTasks.length > 0 ? ` AND ${notIn}` : '';
      or.orWhere(`(s.vmState = :${name}${task})`, parameters);
    });
  });

const withId = (sort: readonly Sorting[]): readonly Sorting[] => [
  ...sort,
  { column: 'id', direction: sort.at(-1)?.direction ?? 'DESC' },
];

function sorted(query: Servers, sort: readonly Sorting[]): void {
  for (const { column, direction } of withId(sort)) query.addOrderBy(SORT_COLUMNS[column], direction);
}

/** Begins the page behind the marker: where all keys before the i-th are equal and the i-th is beyond. */
async function afterMarker(rows: EntityManager, query: Servers, filter: ServerFilter): Promise<void> {
  const { marker, projectId } = filter;
  if (marker === null) return;
  const at = await rows.findOneBy(ServerRow, { id: marker, ...(projectId === null ? {} : { projectId }) });
  if (at === null) throw new DomainError('invalid', 'server.no-marker', `marker [${marker}] not found`);
  const keys = withId(filter.sort);
  keys.forEach(({ column }, i) => query.setParameter(`marker${String(i)}`, at[column] ?? ''));
  query.andWhere(
    new Brackets((or) => {
      keys.forEach(({ column, direction }, i) => {
        const equal = keys.slice(0, i).map((key, j) => `${SORT_COLUMNS[key.column]} = :marker${String(j)}`);
        const beyond = `${SORT_COLUMNS[column]} ${direction === 'ASC' ? '>' : '<'} :marker${String(i)}`;
        or.orWhere(`(${[...equal, beyond].join(' AND ')})`);
      });
    }),
  );
}

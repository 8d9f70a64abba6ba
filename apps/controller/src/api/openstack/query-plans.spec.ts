import { projections, type ReadModel, type Row } from '@cairn/projections';
import type { DataSource } from 'typeorm';
import { generationsIn } from '../../../../../libs/projections/src/database/generations';
import { Served } from '../../../../../libs/projections/src/runner/served';
import { sessionsOf } from '../../../../../libs/projections/src/runner/session';
import { testDatabase, type TestDatabase } from '../../../../../libs/projections/src/testing/test-database';
import { rightsOf } from '../../application/core/testing/fake-core';
import { type Asking, Lists, type TableList } from '../../application/lists';
import { ServerUsageQuery } from '../../application/server/server-usage.query';
import { type AnyList, everyList } from './testing/lists';

/**
 * Tables that only administrators fill, with the few things that a cloud is made of: they are read as a whole. All others
 * grow with what tenants do.
 */
const SMALL = [
  'flavor_v2',
  'host_v2',
  'host_aggregate_v1',
  'network_v2',
  'project_v2',
  'user_v3',
  'role_assignment_v1',
];

/** A value that a filter takes, where it does not take any text. */
const VALUES: Readonly<Record<string, string>> = {
  'changes-since': '2026-01-01',
  'changes-before': '2026-01-01',
  status: 'active',
  locked: 'true',
  all_tenants: '1',
  deleted: 'true',
  created_at: 'gt:2026-01-01T00:00:00Z',
  updated_at: 'gt:2026-01-01T00:00:00Z',
  size_min: '1',
  size_max: '1',
  visibility: 'private',
  protected: 'true',
  os_hidden: 'true',
  member_status: 'all',
};

const CALLERS = {
  'an administrator, of all projects': { rights: rightsOf('admin'), more: [['all_tenants', '1']] },
  'an administrator': { rights: rightsOf('admin'), more: [] },
  'a member': { rights: rightsOf('member'), more: [] },
} as const;

let test: TestDatabase;
let database: DataSource;
let lists: Lists;
let plans: string[] = [];
let all: readonly (readonly [string, AnyList])[];

let original: ReturnType<typeof sessionsOf>['of'];

/** Of a table with a handful of rows, PostgreSQL prefers to read all: what it could do is asked for. */
const WITHOUT_SCANS = { sql: 'SET enable_seqscan = off', parameters: [] };

/** What the database does for a statement, asked by the connection that runs it. */
async function planOf(
  sql: string,
  parameters: readonly unknown[],
  manager = database.manager,
): Promise<readonly string[]> {
  const session = original(manager);
  const isPostgres = database.options.type === 'postgres';
  if (isPostgres) await session.rows(WITHOUT_SCANS);
  const explained = { sql: `${isPostgres ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${sql}`, parameters: [...parameters] };
  return (await session.rows(explained)).map((cells) => String(cells.at(-1)));
}

/** A table that is read from end to end, by neither of its indexes. */
const isScan = (line: string): boolean => /^\s*(?:->\s+)?Seq Scan/.test(line) || /^SCAN (?!.*USING)/.test(line);

beforeAll(async () => {
  test = await testDatabase();
  database = await generationsIn(test.database).openWriter(
    'abcdefabcdef_all',
    projections.map(({ entity }) => entity),
  );
  const sessions = sessionsOf(database);
  original = sessions.of.bind(sessions);
  jest.spyOn(sessions, 'of').mockImplementation((manager) => ({
    rows: async (statement) => {
      plans.push(...(await planOf(statement.sql, statement.parameters, manager)));
      return original(manager).rows(statement);
    },
  }));
  const served = new Served(database);
  lists = new Lists({ read: (queries) => served.read(queries) } as ReadModel);
  all = (await everyList()).filter(([, { entity }]) => entity !== undefined);
});

afterAll(async () => {
  await database.destroy();
  await test.remove();
});

const tableOf = ({ entity }: AnyList): string => (entity === undefined ? '' : database.getMetadata(entity).tableName);

/** The scans that a list makes when it is asked for so. */
async function scansOf(
  list: AnyList,
  asking: Omit<Asking, 'projectId' | 'userId' | 'minor'>,
): Promise<readonly string[]> {
  plans = [];
  await lists.page(list as TableList<Row>, { ...asking, projectId: 'p1', userId: 'u1', minor: 74 }).catch(() => []);
  return plans.filter(isScan);
}

it('tells a scan from the use of an index', async () => {
  const table = tableOf(all.find(([name]) => name === 'serverList(index)')?.[1] as AnyList);
  const plan = (where: string): Promise<readonly string[]> => planOf(`SELECT id FROM ${table} WHERE ${where}`, []);
  expect((await plan("description = 'x'")).filter(isScan)).toHaveLength(1);
  expect((await plan("project_id = 'x'")).filter(isScan)).toHaveLength(0);
});

it('no list of what tenants make reads its whole table, by any filter and in any order', async () => {
  const found: string[] = [];
  const asked: string[] = [];
  for (const [name, list] of all) {
    if (SMALL.includes(tableOf(list))) continue;
    const { filters, parameters = [], sorting } = list;
    const questions = [
      [],
      ...[...Object.keys(filters), ...parameters].map((filter) => [[filter, VALUES[filter] ?? 'x'] as const]),
      ...Object.keys(sorting.keys).map((key) => [['sort_key', key] as const]),
    ];
    for (const [who, { rights, more }] of Object.entries(CALLERS))
      for (const question of questions) {
        const entries = [...more, ...question].map(([key, value]) => [key, [value]] as const);
        const scans = await scansOf(list, { rights, query: new Map(entries) });
        asked.push(...plans);
        found.push(...scans.map((scan) => `${name} of ${who}, by ${JSON.stringify(question)}: ${scan.trim()}`));
      }
  }
  expect(asked.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
}, 60_000);

it('the usage of projects is not counted from all servers that ever were', async () => {
  const usage = new ServerUsageQuery(lists);
  plans = [];
  for (const projectId of [null, 'p1']) await usage.ran('2026-01-01', '2026-02-01', projectId);
  expect(plans.length).toBeGreaterThan(1);
  expect(plans.filter(isScan)).toEqual([]);
});

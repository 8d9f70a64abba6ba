import fc from 'fast-check';
import { projections, type ReadModel, type Row } from '@cairn/projections';
import type { DataSource } from 'typeorm';
import { generationsIn } from '../../../../../libs/projections/src/database/generations';
import { Served } from '../../../../../libs/projections/src/runner/served';
import { runs } from '../../../../../libs/projections/src/testing/fast-check';
import { testDatabase, type TestDatabase } from '../../../../../libs/projections/src/testing/test-database';
import { rightsOf } from '../../application/core/testing/fake-core';
import { type Asking, listed, Lists, type Page, type TableList } from '../../application/lists';
import { PatternMatcher } from '../../application/lists/pattern-matcher';
import { type AnyList, everyList } from './testing/lists';
import { WORDS } from './testing/random-rows';
import { fillTables, lookedUp, type Rows, rowsForList } from './testing/rows-of-lists';

/** Sets of rows for each list, and questions about each set. */
const SETS = runs(8);
const QUESTIONS = 25;

/** Filters that count for nothing beside another one, as in nova. */
const IGNORED_BESIDE: Readonly<Record<string, string>> = { source_compute: 'host' };

type Query = readonly (readonly [name: string, value: string])[];

const RIGHTS = { admin: rightsOf('admin'), member: rightsOf('member') };

interface Caller {
  readonly role: keyof typeof RIGHTS;
  readonly minor: number;
}

const callers: fc.Arbitrary<Caller> = fc.record({
  role: fc.constantFrom('admin' as const, 'member' as const),
  minor: fc.constantFrom(1, 10, 35, 38),
});

function askingOf({ role, minor }: Caller, ...query: Query): Asking {
  const byName = new Map<string, string[]>();
  for (const [name, value] of query) byName.set(name, [...(byName.get(name) ?? []), value]);
  return { query: byName, rights: RIGHTS[role], projectId: 'p1', userId: 'u1', minor };
}

/** Keystone's, without case where they begin so. */
const COMPARISONS = ['contains', 'icontains', 'startswith', 'endswith', 'iendswith'];

/** The parameters that a list filters by, and those that its scope reads. */
const namesOf = ({ filters, parameters = [], others }: AnyList): readonly string[] => [
  ...Object.keys(filters),
  ...parameters,
  ...Object.entries(filters).flatMap(([name, { text }]) =>
    text === undefined ? [] : COMPARISONS.map((comparison) => `${name}__${comparison}`),
  ),
  ...(others === undefined ? [] : ['colour']),
];

function filtersOf(list: AnyList): fc.Arbitrary<Query> {
  const names = namesOf(list);
  if (names.length === 0) return fc.constant([]);
  return fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...WORDS)), { maxLength: 2 });
}

/** In nova's and in glance's words. */
function ordersOf({ sorting }: AnyList): fc.Arbitrary<Query> {
  const keys = Object.keys(sorting.keys);
  if (keys.length === 0) return fc.constant([]);
  const order = fc.tuple(fc.constantFrom(...keys), fc.constantFrom('asc', 'desc'));
  return fc
    .array(order, { maxLength: 3 })
    .map((orders) => [
      ...orders.map(([key]) => ['sort_key', key] as const),
      ...orders.map(([, direction]) => ['sort_dir', direction] as const),
    ]);
}

const idsOf = ({ rows }: Page<Row>): readonly string[] => rows.map(({ id }) => id);

/** What a list answers: the ids of its rows and where the next page begins, or why it refuses. */
type Outcome = readonly [ids: readonly string[], next: string | null] | string;

const outcomeOf = (page: Promise<Page<Row>>): Promise<Outcome> =>
  page.then(
    (found): Outcome => [idsOf(found), found.next],
    (error: unknown) => `${(error as Error).constructor.name}: ${(error as Error).message}`,
  );

let lists: readonly (readonly [string, AnyList])[];
let test: TestDatabase;
let database: DataSource;
let inDatabase: Lists;

/** Without the other thread, and without its time limit, which a busy machine exceeds. */
const match = (pattern: string, texts: readonly string[]): Promise<readonly boolean[]> =>
  Promise.resolve(pattern).then((source) => {
    const expression = new RegExp(source, 'i');
    return texts.map((text) => expression.test(text));
  });

beforeAll(async () => {
  jest.spyOn(PatternMatcher.prototype, 'match').mockImplementation(match);
  lists = await everyList();
  test = await testDatabase();
  const tables = projections.map(({ entity }) => entity);
  database = await generationsIn(test.database).openWriter('abcdefabcdef_all', tables);
  const served = new Served(database);
  inDatabase = new Lists({ read: (queries) => served.read(queries) } as ReadModel);
});

afterAll(async () => {
  await database.destroy();
  await test.remove();
});

const rowsFor = (list: AnyList): fc.Arbitrary<Rows> => rowsForList(database, list);

const fill = (list: AnyList, rows: Rows): Promise<void> => fillTables(database, list, rows);

/** The page that the database gives; of a list that has no table, the page of these rows. */
const pageOf = (list: AnyList, { own }: Rows, asking: Asking): Promise<Page<Row>> =>
  list.entity === undefined ? listed(list, own, asking) : inDatabase.page(list as TableList<Row>, asking);

/** Holds what is claimed against every list, with rows of its own. */
async function eachList<T>(
  inputs: (list: AnyList) => fc.Arbitrary<T>,
  claim: (list: AnyList, rows: Rows, input: T) => Promise<void>,
): Promise<void> {
  expect(lists.length).toBeGreaterThan(20);
  for (const [name, list] of lists) {
    const questions = fc.array(inputs(list), { minLength: 1, maxLength: QUESTIONS, size: 'max' });
    const property = fc.asyncProperty(rowsFor(list), questions, async (rows, asked) => {
      await fill(list, rows);
      for (const input of asked) await claim(list, rows, input);
    });
    await fc.assert(property, SETS).catch((error: unknown) => {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    });
  }
}

describe('every list', () => {
  it('finds by each of its filters, asked for anything, what the same rows in memory give', async () => {
    // servers in detail have the filters of the others
    for (const [name, list] of lists.filter(([each]) => each !== 'serverList(detail)')) {
      const property = fc.asyncProperty(rowsFor(list), async (rows) => {
        await fill(list, rows);
        const differences: object[] = [];
        for (const filter of namesOf(list)) {
          for (const word of WORDS) {
            const asking = askingOf({ role: 'admin', minor: 38 }, [filter, word]);
            const expected = await outcomeOf(listed(list, rows.own, asking, lookedUp(rows), match));
            const found = await outcomeOf(pageOf(list, rows, asking));
            if (JSON.stringify(found) !== JSON.stringify(expected))
              differences.push({ name, filter, word, found, expected });
          }
        }
        expect(differences).toEqual([]);
      });
      await fc.assert(property, { ...SETS, numRuns: 1, endOnFailure: true });
    }
  }, 300_000);

  it('of a table is what the same rows in memory give, refusals included', async () => {
    const inputs = (list: AnyList): fc.Arbitrary<readonly [Caller, Query, Query]> =>
      fc.tuple(callers, filtersOf(list), ordersOf(list));
    await eachList(inputs, async (list, rows, [caller, filters, orders]) => {
      const asking = askingOf(caller, ...filters, ...orders);
      const expected = await outcomeOf(listed(list, rows.own, asking, lookedUp(rows), match));
      expect(await outcomeOf(pageOf(list, rows, asking))).toEqual(expected);
    });
  }, 300_000);

  it('has the same rows in pages of any size, in any order', async () => {
    const inputs = (list: AnyList): fc.Arbitrary<readonly [Caller, Query, Query, number]> =>
      fc.tuple(callers, filtersOf(list), ordersOf(list), fc.integer({ min: 1, max: 6 }));
    await eachList(inputs, async (list, rows, [caller, filters, orders, size]) => {
      const asking = askingOf(caller, ...filters, ...orders);
      const whole = await outcomeOf(pageOf(list, rows, asking));
      if (typeof whole === 'string') return; // refused
      const turned: string[] = [];
      let where: Query = [];
      for (let pages = 0; pages <= rows.own.length; pages += 1) {
        const page = await pageOf(
          list,
          rows,
          askingOf(caller, ...filters, ...orders, ['limit', String(size)], ...where),
        );
        turned.push(...idsOf(page));
        if (list.paging === 'offset' && page.rows.length === size) where = [['offset', String(turned.length)]];
        else if (page.next !== null) where = [['marker', page.next]];
        else break;
      }
      expect(turned).toEqual(whole[0]);
    });
  }, 300_000);

  it('is turned round by the other direction, and is sorted by the column that its key means', async () => {
    const inputs = ({ sorting }: AnyList): fc.Arbitrary<readonly [string, string]> => {
      const sorted = Object.entries(sorting.keysIn?.(38) ?? sorting.keys).filter(([, column]) => column !== null);
      return sorted.length === 0 ? fc.constant(['', ''] as const) : fc.constantFrom(...(sorted as [string, string][]));
    };
    await eachList(inputs, async (list, rows, [key, column]) => {
      if (key === '') return;
      const admin = { role: 'admin', minor: 38 } as const;
      const [up, down] = await Promise.all(
        ['asc', 'desc'].map((direction) =>
          pageOf(list, rows, askingOf(admin, ['sort_key', key], ['sort_dir', direction], ['all_tenants', '1'])),
        ),
      );
      expect(idsOf(down as Page<Row>)).toEqual([...idsOf(up as Page<Row>)].reverse());
      const values = (up as Page<Row>).rows.map((row) => (row as unknown as Record<string, unknown>)[column]);
      const bytes = values.map((value) => (typeof value === 'string' ? Buffer.from(value).toString('hex') : value));
      for (const [i, value] of bytes.entries()) {
        const before = bytes[i - 1];
        if (i > 0 && value !== null) expect(before === null || (before as string) <= (value as string)).toBe(true);
        if (value === null && before !== undefined) expect([null, '', 0]).toContain(before);
      }
    });
  }, 300_000);

  it('refuses a marker that is gone or that the caller may not know of, and no other', async () => {
    await eachList(
      () => fc.tuple(callers, fc.nat(24)),
      async (list, rows, [caller, i]) => {
        const { paging } = list;
        if (paging === undefined || paging === 'offset' || caller.minor < (paging.since ?? 0)) return;
        const behind = (marker: string): Promise<Outcome> =>
          outcomeOf(pageOf(list, rows, askingOf(caller, ['marker', marker])));
        expect(await behind('gone')).toContain(paging.missing('gone').message);
        const row = rows.own[i % Math.max(rows.own.length, 1)];
        if (row === undefined) return;
        const marker = String((row as unknown as Readonly<Record<string, unknown>>)[paging.column]);
        // the memory's judgement of one row, not that of the query
        const others = lookedUp(rows);
        const scope = paging.visible ?? list.scope;
        const { paging: _paging, ...whole } = list;
        const known = await listed({ ...whole, scope, filters: {} }, [row], askingOf(caller), others);
        const found = await behind(marker);
        if (known.rows.length === 0) expect(found).toContain(paging.missing(marker).message);
        else expect([typeof found, found.includes(marker)]).toEqual(['object', false]);
      },
    );
  }, 300_000);

  it('has with two filters what it has with each of them', async () => {
    const inputs = (list: AnyList): fc.Arbitrary<readonly [Caller, Query]> => {
      const names = Object.keys(list.filters);
      if (names.length < 2) return fc.tuple(callers, fc.constant([]));
      const two = fc.shuffledSubarray(names, { minLength: 2, maxLength: 2 });
      const pairs = two.chain((chosen) =>
        fc.tuple(...chosen.map((name) => fc.tuple(fc.constant(name), fc.constantFrom(...WORDS)))),
      );
      return fc.tuple(callers, pairs);
    };
    await eachList(inputs, async (list, rows, [caller, query]) => {
      const [one, other] = query;
      if (one === undefined || other === undefined) return;
      const askings = [askingOf(caller, one), askingOf(caller, other), askingOf(caller, one, other)];
      const outcomes = await Promise.all(askings.map((asking) => outcomeOf(pageOf(list, rows, asking))));
      const [first, second, both] = outcomes.map((outcome) => (typeof outcome === 'string' ? undefined : outcome[0]));
      if (first === undefined || second === undefined) {
        expect(both).toBeUndefined();
        return;
      }
      // some filters of servers also say whether deleted ones are shown
      const scopes = new Set(askings.map((asking) => JSON.stringify(list.scope(asking))));
      const isIgnored = (of: Query[number], beside: Query[number]): boolean => IGNORED_BESIDE[of[0]] === beside[0];
      const asOne = first.filter((id) => isIgnored(other, one) || second.includes(id));
      const expected = isIgnored(one, other) ? second : asOne;
      if (scopes.size === 1) expect(both).toEqual(expected);
    });
  }, 300_000);
});

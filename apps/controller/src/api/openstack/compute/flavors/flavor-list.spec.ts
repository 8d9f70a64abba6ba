import type { FlavorRow } from '@cairn/projections';
import { rightsOf } from '../../../../application/core/testing/fake-core';
import { listed, queryParameters } from '../../../../application/lists';
import { HttpProblem } from '../../../http';
import { flavorRow } from '../testing/rows';
import { FLAVORS } from './flavor-list';

const rows = [
  flavorRow({ id: '2', name: 'm1.small', ramMb: 2048, rootGb: 20 }),
  flavorRow(),
  flavorRow({ id: 'p', name: 'private', isPublic: false, ramMb: 1024 }),
];

type Query = Record<string, string | string[]>;

const page = (query: Query, role = 'member'): ReturnType<typeof listed<FlavorRow>> => {
  const asking = { rights: rightsOf(role), projectId: 'p1', userId: 'u1', minor: 1 };
  return listed(FLAVORS, rows, { ...asking, query: queryParameters(query) });
};

const ids = async (query: Query, role?: string): Promise<readonly string[]> =>
  (await page(query, role)).rows.map(({ id }) => id);

describe('a list of flavors', () => {
  it('shows the public ones by id', async () => {
    expect(await ids({})).toEqual(['1', '2']);
    expect(await ids({ is_public: 'None' })).toEqual(['1', '2']);
    expect(await ids({ is_public: 'maybe' })).toEqual(['1', '2']);
  });

  it('shows administrators what they ask for', async () => {
    expect(await ids({ is_public: 'None' }, 'admin')).toEqual(['1', '2', 'p']);
    for (const word of ['f', 'FALSE', 'n', 'no', 'off', '0'])
      expect(await ids({ is_public: word }, 'admin')).toEqual(['p']);
    for (const word of ['t', 'True', 'y', 'yes', 'on', '1'])
      expect(await ids({ is_public: word }, 'admin')).toEqual(['1', '2']);
    await expect(page({ is_public: 'maybe' }, 'admin')).rejects.toThrow(HttpProblem);
    expect(await ids({}, 'admin')).toEqual(['1', '2']);
  });

  it('is filtered, sorted by the last key and paged', async () => {
    expect(await ids({ minRam: '1024' })).toEqual(['2']);
    expect(await ids({ minDisk: '20' })).toEqual(['2']);
    expect(await ids({ minRam: '-5' })).toEqual(['1', '2']);
    expect(await ids({ sort_key: 'memory_mb', sort_dir: 'desc' })).toEqual(['2', '1']);
    expect(await ids({ sort_key: ['name', 'memory_mb'], sort_dir: ['asc', 'asc'] })).toEqual(['1', '2']);
    expect(await page({ limit: '1' })).toMatchObject({ next: '1' });
    expect(await ids({ marker: '1' })).toEqual(['2']);
    expect(await ids({ limit: '0' })).toEqual([]);
  });

  it.each([
    { minRam: 'x' },
    { minDisk: '1.5' },
    { marker: 'nope' },
    { marker: 'p' },
    { sort_key: 'invalid' },
    { sort_dir: 'invalid' },
  ])('refuses %j', async (query) => {
    await expect(page(query as Query)).rejects.toThrow(HttpProblem);
  });
});

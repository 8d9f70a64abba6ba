import { HttpProblem } from '../../../http';
import { queryParameters } from '../shared/links';
import { flavorRow } from '../testing/rows';
import { flavorPage } from './flavor-list';

const rows = [
  flavorRow({ id: '2', name: 'm1.small', ramMb: 2048, rootGb: 20 }),
  flavorRow(),
  flavorRow({ id: 'p', name: 'private', isPublic: false, ramMb: 1024 }),
];
const ids = (query: Record<string, string>, admin = false): readonly string[] =>
  flavorPage(rows, queryParameters(query), admin).flavors.map(({ id }) => id);

describe('a list of flavors', () => {
  it('shows the public ones by id', () => {
    expect(ids({})).toEqual(['1', '2']);
    expect(ids({ is_public: 'None' })).toEqual(['1', '2']);
  });

  it('shows administrators what they ask for', () => {
    expect(ids({ is_public: 'None' }, true)).toEqual(['1', '2', 'p']);
    expect(ids({ is_public: 'False' }, true)).toEqual(['p']);
    for (const word of ['f', 'FALSE', 'n', 'no', 'off', '0']) expect(ids({ is_public: word }, true)).toEqual(['p']);
    for (const word of ['t', 'True', 'y', 'yes', 'on', '1']) expect(ids({ is_public: word }, true)).toEqual(['1', '2']);
    expect(() => ids({ is_public: 'maybe' }, true)).toThrow(HttpProblem);
    expect(ids({}, true)).toEqual(['1', '2']);
  });

  it('is filtered, sorted and paged', () => {
    expect(ids({ minRam: '1024' })).toEqual(['2']);
    expect(ids({ minDisk: '20' })).toEqual(['2']);
    expect(ids({ sort_key: 'memory_mb', sort_dir: 'desc' })).toEqual(['2', '1']);
    expect(flavorPage(rows, queryParameters({ limit: '1' }), false)).toMatchObject({ next: '1' });
    expect(ids({ marker: '1' })).toEqual(['2']);
    expect(ids({ limit: '0' })).toEqual([]);
  });

  it.each([{ minRam: 'x' }, { minDisk: '-1' }, { marker: 'nope' }, { sort_key: 'invalid' }, { sort_dir: 'invalid' }])(
    'refuses %j',
    (query) => {
      expect(() => ids(query as Record<string, string>)).toThrow(HttpProblem);
    },
  );
});

import { shapeDifferences } from '../testing/shapes';
import { presentAggregate, presentNewAggregate } from './aggregate.presenter';

const aggregate = {
  number: 1,
  uuid: '86a0da0e-9f0c-4f51-a1e0-3c25edab3783',
  name: 'name',
  hosts: [{ hostId: 'h1', name: 'compute' }],
  metadata: { availability_zone: 'london' },
  createdAt: '2026-11-22T12:00:00.000Z',
  updatedAt: null,
} as const;
const own = { onlyType: ['id', 'name', 'availability_zone'] };

describe('host aggregates', () => {
  it.each([
    [1, ''],
    [41, 'v2.41/'],
  ])('in 2.%i are created, shown and listed as in nova', (minor, version) => {
    const created = { aggregate: presentNewAggregate(aggregate, minor) };
    expect(shapeDifferences(created, 'os-aggregates', `${version}aggregate-post-resp`, own)).toEqual([]);
    const shown = { aggregate: presentAggregate(aggregate, minor) };
    expect(shapeDifferences(shown, 'os-aggregates', `${version}aggregates-get-resp`, own)).toEqual([]);
    const listed = { aggregates: [presentAggregate(aggregate, minor)] };
    expect(shapeDifferences(listed, 'os-aggregates', `${version}aggregates-list-get-resp`, own)).toEqual([]);
  });

  it('that say no zone have none', () => {
    expect(presentAggregate({ ...aggregate, metadata: {} }, 1)).toMatchObject({
      availability_zone: null,
      metadata: {},
    });
  });
});

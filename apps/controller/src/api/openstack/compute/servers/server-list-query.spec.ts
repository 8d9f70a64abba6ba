import { rightsOf } from '../../../../application/core/testing/fake-core';
import { PolicyRefusal } from '../../../../policy';
import { HttpProblem } from '../../../http';
import { queryParameters } from '../shared/links';
import { type ListRequest, serverFilter } from './server-list-query';

const ADMIN = { rights: rightsOf('admin') };

const ask = (
  query: Record<string, string | string[]>,
  more: Partial<ListRequest> = {},
): ReturnType<typeof serverFilter> =>
  serverFilter({
    query: queryParameters(query),
    projectId: 'p1',
    rights: rightsOf('member'),
    minor: 1,
    action: 'detail',
    ...more,
  });

const statusOf = (run: () => unknown): number => {
  try {
    run();
  } catch (error) {
    if (error instanceof PolicyRefusal) return 403;
    if (error instanceof HttpProblem) return error.getStatus();
    throw error;
  }
  return 200;
};

describe('a list of servers', () => {
  it('is the newest of the own project, without those deleted', () => {
    expect(ask({})).toEqual({
      projectId: 'p1',
      exact: {},
      states: null,
      deleted: 'none',
      changedSince: null,
      name: null,
      address: null,
      sort: [{ column: 'createdAt', direction: 'DESC' }],
      limit: 1000,
      brief: false,
      marker: null,
    });
  });

  it('drops what a tenant may not filter by', () => {
    expect(ask({ host: 'node1', deleted: 'true', vm_state: 'active', nonsense: '1' })).toEqual(ask({}));
    expect(ask({ host: 'node1', power_state: '4' }, ADMIN).exact).toEqual({
      hostName: 'node1',
      powerState: 4,
    });
    expect(ask({ deleted: 'true' }, ADMIN).deleted).toBe('only');
  });

  it('takes references as well as ids', () => {
    const exact = ask({ flavor: 'http://h/v2.1/p/flavors/3', image: 'i-1', reservation_id: 'r-1' }).exact;
    expect(exact).toEqual({ flavorId: '3', imageId: 'i-1', reservationId: 'r-1' });
  });

  it('is of all projects for administrators only', () => {
    expect(ask({ all_tenants: '1' }, ADMIN).projectId).toBeNull();
    expect(ask({ all_tenants: 'True', project_id: 'p2' }, ADMIN).projectId).toBe('p2');
    expect(ask({ project_id: 'p2' }, ADMIN).projectId).toBe('p1');
    expect(ask({ all_tenants: '0' }).projectId).toBe('p1');
    expect(statusOf(() => ask({ all_tenants: '1' }))).toBe(403);
    expect(statusOf(() => ask({ all_tenants: 'perhaps' }, ADMIN))).toBe(400);
  });

  it('includes what was deleted when changes are asked for', () => {
    expect(ask({ 'changes-since': '2026-11-22T12:00:00Z' })).toMatchObject({
      deleted: 'both',
      changedSince: '2026-11-22T12:00:00.000Z',
    });
    expect(statusOf(() => ask({ 'changes-since': 'yesterday' }))).toBe(400);
  });

  it('of an unknown status is empty, and from 2.38 on refused', () => {
    expect(ask({ status: 'nonsense' }).states).toEqual([]);
    expect(statusOf(() => ask({ status: 'nonsense' }, { minor: 38 }))).toBe(400);
    expect(ask({ status: ['active', 'nonsense'] }, { minor: 38 }).states).toHaveLength(1);
    expect(ask({ status: ['ACTIVE', 'error'] }).states?.map(({ vmState }) => vmState)).toEqual(['active', 'error']);
  });

  it('of deleted servers is for administrators only', () => {
    expect(statusOf(() => ask({ status: 'deleted' }))).toBe(403);
    expect(ask({ status: 'deleted' }, ADMIN).deleted).toBe('only');
  });

  it('comes in pages', () => {
    expect(ask({ limit: '2', marker: 'x' })).toMatchObject({ limit: 2, marker: 'x' });
    expect(ask({ limit: '0' }).limit).toBe(0);
    expect(ask({ limit: '99999999999999' }).limit).toBe(1000);
    for (const limit of ['-1', 'x', '1.5']) expect(statusOf(() => ask({ limit }))).toBe(400);
  });

  it('is sorted as asked', () => {
    expect(ask({ sort_key: ['display_name', 'created_at'], sort_dir: ['asc', 'desc'] }).sort).toEqual([
      { column: 'name', direction: 'ASC' },
      { column: 'createdAt', direction: 'DESC' },
    ]);
    expect(ask({ sort_key: 'locked_by' }).sort).toEqual([{ column: 'createdAt', direction: 'DESC' }]);
    for (const bad of [{ sort_key: 'constructor' }, { sort_key: 'x' }, { sort_dir: 'up' }])
      expect(statusOf(() => ask(bad))).toBe(400);
  });
});

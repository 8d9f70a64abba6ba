import type { ServerRow } from '@cairn/projections';
import { rightsOf } from '../../../../application/core/testing/fake-core';
import { type Asking, listed, queryParameters } from '../../../../application/lists';
import { PatternMatcher } from '../../../../application/lists/pattern-matcher';
import { PolicyRefusal } from '../../../../policy';
import { HttpProblem } from '../../../http';
import { serverRow } from '../testing/rows';
import { serverList } from './server-list';

const patterns = new PatternMatcher();
const ADMIN = { rights: rightsOf('admin') };

const rows: readonly ServerRow[] = [
  serverRow({ id: 'old', name: 'web-1', projectId: 'p1', hostName: 'node1', createdAt: '2026-11-21T12:00:00.000Z' }),
  serverRow({
    id: 'new',
    name: 'Web-2',
    projectId: 'p1',
    hostName: 'node2',
    vmState: 'stopped',
    powerState: 4,
    flavorId: '3',
  }),
  serverRow({
    id: 'busy',
    name: 'db',
    projectId: 'p1',
    taskState: 'rebooting',
    reservationId: 'r-1',
    imageId: 'i-1',
    fixedIps: ' 10.9.9.9 ',
  }),
  serverRow({ id: 'gone', projectId: 'p1', vmState: 'deleted', deleted: true }),
  serverRow({ id: 'kept', projectId: 'p1', vmState: 'soft-delete' }),
  serverRow({ id: 'theirs', name: 'theirs', projectId: 'p2' }),
];

const TAGGED = [
  { serverId: 'new', tag: 'x' },
  { serverId: 'new', tag: 'y' },
  { serverId: 'busy', tag: 'x' },
  { serverId: 'theirs', tag: 'x' },
].map((row) => ({ id: `${row.serverId}/${row.tag}`, ...row }));

type Query = Record<string, string | string[]>;

const match = (pattern: string, texts: readonly string[]): Promise<readonly boolean[]> =>
  patterns.match(pattern, texts, { party: 'p1', member: 'u1' });

const page = (query: Query, more: Partial<Asking> = {}): ReturnType<typeof listed<ServerRow>> => {
  const asking = { rights: rightsOf('member'), projectId: 'p1', userId: 'u1', minor: 1, ...more };
  return listed(serverList('detail'), rows, { ...asking, query: queryParameters(query) }, () => TAGGED, match);
};

const ids = async (query: Query, more: Partial<Asking> = {}): Promise<readonly string[]> =>
  (await page(query, more)).rows.map(({ id }) => id);

const refusal = async (query: Query, more: Partial<Asking> = {}): Promise<number | undefined> => {
  try {
    await page(query, more);
  } catch (error) {
    if (error instanceof PolicyRefusal) return 403;
    if (error instanceof HttpProblem) return error.getStatus();
    throw error;
  }
  return undefined;
};

const ALL = ['new', 'busy', 'old'];

describe('a list of servers', () => {
  it('is the newest of the own project, without those deleted', async () => {
    expect(await ids({})).toEqual(ALL);
  });

  it('drops what a tenant may not filter by, and what is no filter', async () => {
    const theirs = { host: 'node1', deleted: 'true', vm_state: 'stopped', metadata: 'x', nonsense: '1', hostname: '(' };
    expect(await ids(theirs)).toEqual(ALL);
    expect(await ids({ host: 'node1', power_state: '^1$' }, ADMIN)).toEqual(['busy', 'old']);
    expect(await ids({ deleted: 'true' }, ADMIN)).toEqual(expect.arrayContaining(['gone', 'kept']));
    expect(await ids({ deleted: 'perhaps' }, ADMIN)).toEqual(ALL);
    expect(await refusal({ metadata: 'x' }, ADMIN)).toBe(400);
  });

  it('finds servers by the zone that their host is in now, or that they wait for', async () => {
    const zones = new Map([['h1', 'zone-1']]);
    const placed = [
      serverRow({ id: 'there', projectId: 'p1', hostId: 'h1', availabilityZone: null }),
      serverRow({ id: 'moved', projectId: 'p1', hostId: 'h1', availabilityZone: 'zone-2' }),
      serverRow({ id: 'waits', projectId: 'p1', hostId: null, availabilityZone: 'zone-2' }),
    ];
    const found = async (zone: string): Promise<readonly string[]> => {
      const asking = { rights: rightsOf('member'), projectId: 'p1', userId: 'u1', minor: 83 };
      const query = queryParameters({ availability_zone: zone });
      const list = serverList('detail', zones);
      return (await listed(list, placed, { ...asking, query }, () => TAGGED, match)).rows.map(({ id }) => id);
    };
    expect((await found('zone-1')).toSorted()).toEqual(['moved', 'there']);
    expect(await found('zone-2')).toEqual(['waits']);
  });

  it('opens filters with microversions, and in the end refuses what is none', async () => {
    expect(await ids({ vm_state: 'stopped' }, { minor: 83 })).toEqual(['new']);
    expect(await ids({ ip6: '.' })).toEqual(ALL);
    expect(await ids({ ip6: '.' }, { minor: 5 })).toEqual([]);
    expect(await ids({ tags: 'x' })).toEqual(ALL);
    expect(await ids({ tags: 'x' }, { minor: 26 })).toEqual(['new', 'busy']);
    expect(await refusal({ nonsense: '1' }, { minor: 74 })).toBeUndefined();
    expect(await refusal({ nonsense: '1' }, { minor: 75 })).toBe(400);
    expect(await refusal({ name: '1', limit: '1', sort_key: 'uuid', all_tenants: '0' }, { minor: 75 })).toBeUndefined();
  });

  it('finds servers by the tags that they have, and that they have not', async () => {
    const found = (query: Query): Promise<readonly string[]> => ids(query, { minor: 26 });
    expect(await found({ tags: 'x,y' })).toEqual(['new']);
    expect(await found({ 'tags-any': 'y,z' })).toEqual(['new']);
    expect(await found({ 'not-tags': 'x,y' })).toEqual(['busy', 'old']);
    expect(await found({ 'not-tags-any': 'y,z' })).toEqual(['busy', 'old']);
    expect(await found({ tags: 'x', 'not-tags-any': 'y' })).toEqual(['busy']);
    expect(await found({ tags: '' })).toEqual([]);
  });

  it('matches names and addresses by expression, references and reservations exactly', async () => {
    expect(await ids({ name: 'web' })).toEqual(['new', 'old']);
    expect(await ids({ ip: '^10\\.9' })).toEqual(['busy']);
    expect(await ids({ flavor: 'http://h/v2.1/p/flavors/3' })).toEqual(['new']);
    expect(await ids({ image: 'i-1', reservation_id: '^r-1$' })).toEqual(['busy']);
    expect(await ids({ created_at: '2026-11-21 12:00' }, ADMIN)).toEqual(['old']);
  });

  it('is of all projects for administrators only', async () => {
    expect(await ids({ all_tenants: '1' }, ADMIN)).toContain('theirs');
    expect(await ids({ all_tenants: '' }, ADMIN)).toContain('theirs');
    expect(await ids({ all_tenants: 'True', project_id: 'p2' }, ADMIN)).toEqual(['theirs']);
    expect(await ids({ project_id: 'p2' }, ADMIN)).toEqual(ALL);
    expect(await ids({ all_tenants: '0' })).toEqual(ALL);
    expect(await refusal({ all_tenants: '1' })).toBe(403);
    expect(await refusal({ all_tenants: 'perhaps' }, ADMIN)).toBe(400);
  });

  it('shows what is soft-deleted to administrators who ask for it, and where changes are asked for', async () => {
    expect(await ids({ status: 'soft_deleted' })).toEqual([]);
    expect(await ids({ deleted: 'true', soft_deleted: 'true' })).toEqual(ALL);
    expect(await ids({ deleted: 'true', status: 'soft_deleted' }, ADMIN)).toEqual(['kept']);
    expect(await ids({ soft_deleted: '1', status: 'soft_deleted' }, ADMIN)).toEqual(['kept']);
    expect(await ids({ deleted: 'true', soft_deleted: '' }, ADMIN)).toEqual(['gone']);
    expect(await ids({ 'changes-since': '2026-11-22T12:00:00Z' })).toContain('kept');
  });

  it('includes what was deleted when changes are asked for', async () => {
    expect(await ids({ 'changes-since': '2026-11-22T12:00:00Z' })).toContain('gone');
    expect(await ids({ 'changes-since': '2027-11-22T12:00:00Z' })).toEqual([]);
    expect(await ids({ 'changes-before': '2026-11-20T00:00:00Z' }, { minor: 66 })).toEqual([]);
    expect(await ids({ 'changes-since': '2026-11-22T12:00:00Z', deleted: 'false' }, ADMIN)).not.toContain('gone');
    expect(await refusal({ 'changes-since': 'yesterday' })).toBe(400);
  });

  it('of an unknown status is empty, and from 2.38 on refused', async () => {
    expect(await ids({ status: 'nonsense' })).toEqual([]);
    expect(await refusal({ status: 'nonsense' }, { minor: 38 })).toBe(400);
    expect(await ids({ status: ['reboot', 'nonsense'] }, { minor: 38 })).toEqual(['busy']);
    expect(await ids({ status: ['ACTIVE', 'shutoff'] })).toEqual(['new', 'old']);
  });

  it('of deleted servers is for administrators only, and never mixed with others', async () => {
    expect(await refusal({ status: 'deleted' })).toBe(403);
    expect(await ids({ status: 'deleted' }, ADMIN)).toEqual(['gone']);
    expect(await ids({ status: ['deleted', 'shutoff'] })).toEqual(['new']);
  });

  it('comes in pages', async () => {
    expect(await page({ limit: '2' })).toMatchObject({ next: 'busy' });
    expect(await page({ limit: '2', marker: 'busy' })).toMatchObject({ next: null, rows: [{ id: 'old' }] });
    expect(await page({ limit: '0' })).toEqual({ rows: [], next: null });
    expect(await ids({ limit: '99999999999999' })).toEqual(ALL);
    expect(await ids({ marker: 'gone' })).toEqual(['busy', 'old']);
    for (const limit of ['-1', 'x', '1.5']) expect(await refusal({ limit })).toBe(400);
    for (const marker of ['theirs', 'nowhere']) expect(await refusal({ marker })).toBe(400);
  });

  it('is sorted as asked', async () => {
    expect(await ids({ sort_key: ['vm_state', 'display_name'], sort_dir: ['desc', 'asc'] })).toEqual([
      'new',
      'busy',
      'old',
    ]);
    expect(await ids({ sort_key: ['vm_state', 'display_name'], sort_dir: 'asc' })).toEqual(['busy', 'old', 'new']);
    expect(await ids({ sort_dir: 'asc' })).toEqual([...ALL].reverse());
    for (const key of ['locked_by', 'vcpus', 'id']) expect(await ids({ sort_key: key })).toEqual(ALL);
    for (const bad of [
      { sort_key: 'constructor' },
      { sort_key: 'x' },
      { sort_dir: 'up' },
      { sort_key: 'uuid', sort_dir: ['asc', 'desc'] },
    ])
      expect(await refusal(bad)).toBe(400);
    expect(await refusal({ sort_key: 'host' })).toBe(403);
    expect(await ids({ sort_key: 'host' }, ADMIN)).toHaveLength(3);
  });

  it('refuses a time that ends before it begins, from 2.66 on', async () => {
    const time = { 'changes-since': '2026-11-22T00:00:00', 'changes-before': '2026-11-21T00:00:00' };
    expect(await refusal(time, { minor: 66 })).toBe(400);
    expect(await refusal(time, { minor: 65 })).toBeUndefined();
  });

  it('refuses names that are nova’s own affair to those who may filter by anything', async () => {
    expect(await refusal({ _x: '1' }, ADMIN)).toBe(400);
    expect(await refusal({ _x: '1' }, { ...ADMIN, minor: 75 })).toBe(400);
    expect(await ids({ _x: '1' }, { minor: 75 })).toEqual(ALL);
  });

  it('is not sorted by what nova ignores, which it refuses from 2.75 on', async () => {
    expect(await ids({ sort_key: 'memory_mb' }, { minor: 74 })).toEqual(ALL);
    expect(await refusal({ sort_key: 'memory_mb' }, { minor: 75 })).toBe(400);
    expect(await refusal({ sort_key: 'locked' }, { minor: 75 })).toBeUndefined();
  });
});

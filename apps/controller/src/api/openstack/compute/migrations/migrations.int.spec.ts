import { deriveId } from '@cairn/domain';
import { ComputeCloud, type Reply } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

interface Shown {
  readonly id: number;
  readonly uuid?: string;
  readonly status: string;
  readonly updated_at: string | null;
}

describe('migrations', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let ids: readonly string[];

  const ask = (path: string, minor = 93, who = 'admin'): Promise<Reply> =>
    cloud.ask(who, 'GET', path, undefined, microversion(minor));
  const listed = async (query = '', minor?: number): Promise<readonly Shown[]> => {
    const { status, body, text } = await ask(`/os-migrations${query}`, minor);
    if (status !== 200) throw new Error(text);
    return (body as { migrations: Shown[] }).migrations;
  };
  const act = (id: string, body: object, who = demo): Promise<Reply> =>
    cloud.ask(who, 'POST', `/servers/${id}/action`, body, microversion(93));

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    const launched: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const id = await cloud.active(demo);
      expect((await act(id, { resize: { flavorRef: '2' } })).status).toBe(202);
      await cloud.finishMove(id);
      launched.push(id);
    }
    ids = launched;
    await act(ids[0] ?? '', { confirmResize: null });
    await act(ids[1] ?? '', { revertResize: null });
    await cloud.caughtUp();
  });
  afterAll(() => cloud.close());

  it('are shown to administrators with host, status and who asked, as their microversions show them', async () => {
    const [newest] = await listed('?limit=1');
    expect(newest).toEqual({
      id: 3,
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      instance_uuid: ids[2],
      status: 'finished',
      migration_type: 'resize',
      source_compute: 'node1',
      source_node: 'node1.example.com',
      dest_compute: 'node1',
      dest_node: 'node1.example.com',
      dest_host: expect.any(String) as unknown,
      old_instance_type_id: 1,
      new_instance_type_id: 2,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/) as unknown,
      updated_at: expect.stringMatching(/^\d{4}/) as unknown,
      user_id: `u-${demo}`,
      project_id: `p-${demo}`,
    });
    const fields = async (minor: number): Promise<readonly string[]> =>
      Object.keys((await listed('', minor))[0] ?? {}).filter((name) =>
        ['uuid', 'migration_type', 'user_id', 'project_id'].includes(name),
      );
    expect(await fields(1)).toEqual([]);
    expect(await fields(23)).toEqual(['migration_type']);
    expect(await fields(59)).toEqual(['uuid', 'migration_type']);
    expect(await fields(80)).toEqual(['uuid', 'migration_type', 'user_id', 'project_id']);
    expect((await ask('/os-migrations', 80, demo)).status).toBe(403);
  });

  it('are all listed before there were pages, the oldest first', async () => {
    for (const query of ['', '?limit=2&other=1'])
      expect((await listed(query, 58)).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it.each<[string, readonly number[]]>([
    ['', [3, 2, 1]],
    ['?status=confirmed', [1]],
    ['?status=reverting', [2]],
    ['?status=error', []],
    ['?host=node1', [3, 2, 1]],
    ['?host=mars', []],
    ['?source_compute=node1&status=finished', [3]],
    ['?source_compute=mars', []],
    ['?host=node1&source_compute=mars', [3, 2, 1]],
    ['?migration_type=resize', [3, 2, 1]],
    ['?migration_type=migration', []],
    ['?hidden=false', [3, 2, 1]],
    ['?project_id=p-other', []],
    ['?changes-since=2099-01-01T00:00:00Z', []],
    ['?changes-before=2099-01-01T00:00:00Z', [3, 2, 1]],
    ['?limit=0', []],
    ['?limit=2', [3, 2]],
  ])('are filtered by %s', async (query, expected) => {
    expect((await listed(query)).map(({ id }) => id)).toEqual(expected);
  });

  it('are filtered by their server, and by who asked for them', async () => {
    expect((await listed(`?instance_uuid=${ids[1] ?? ''}`)).map(({ id }) => id)).toEqual([2]);
    expect(await listed(`?user_id=u-${demo}&project_id=p-${demo}`)).toHaveLength(3);
  });

  it('come in pages, the newest first', async () => {
    const { body } = await ask('/os-migrations?limit=2', 59);
    const { migrations, migrations_links: links } = body as {
      migrations: Shown[];
      migrations_links: { rel: string; href: string }[];
    };
    const marker = migrations[1]?.uuid ?? '';
    expect(links).toMatchObject([
      { rel: 'next', href: expect.stringContaining(`limit=2&marker=${marker}`) as unknown },
    ]);
    expect((await listed(`?limit=2&marker=${marker}`)).map(({ id }) => id)).toEqual([1]);
  });

  it.each([
    ['?limit=-1', 59, /limit/],
    ['?limit=x', 59, /limit/],
    [`?marker=${deriveId('none')}`, 59, /Marker .* could not be found/],
    ['?other=1', 59, /Additional properties are not allowed/],
    ['?changes-before=2026-01-01T00:00:00Z', 65, /Additional properties are not allowed/],
    ['?user_id=x', 79, /Additional properties are not allowed/],
    ['?changes-since=yesterday', 59, /is not a 'date-time'/],
    [
      '?changes-since=2026-02-01T00:00:00Z&changes-before=2026-01-01T00:00:00Z',
      66,
      /must be less than or equal to changes-before/,
    ],
  ])('refuse %s of 2.%s', async (query, minor, message) => {
    const { status, text } = await ask(`/os-migrations${query}`, minor);
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
  });

  describe('of one server that are live', () => {
    const of = (rest = ''): string => `/servers/${ids[2] ?? ''}/migrations${rest}`;
    const send = (method: 'DELETE' | 'POST', path: string, body?: unknown, who = 'admin'): Promise<Reply> =>
      cloud.ask(who, method, path, body, microversion(93));

    it('are none', async () => {
      expect((await ask(of())).body).toEqual({ migrations: [] });
      expect((await ask(of(), 22)).status).toBe(404);
      expect((await ask(of(), 23, demo)).status).toBe(403);
      expect((await ask(`/servers/${deriveId('none')}/migrations`)).status).toBe(404);
    });

    it.each([
      ['/3', /Migration 3 for server .* is not live-migration/],
      ['/99', /In-progress live migration 99 is not found for server/],
      ['/x', /In-progress live migration x is not found for server/],
    ])('are not shown: %s', async (rest, message) => {
      const { status, text } = await ask(of(rest));
      expect([status, text]).toEqual([404, expect.stringMatching(message)]);
    });

    it('cannot be aborted or forced to complete', async () => {
      const aborted = await send('DELETE', of('/3'));
      expect([aborted.status, aborted.text]).toEqual([
        409,
        expect.stringMatching(/Cannot 'abort live migration' instance .* while it is in task_state None/),
      ]);
      const forced = await send('POST', of('/3/action'), { force_complete: null });
      expect([forced.status, forced.text]).toEqual([
        409,
        expect.stringMatching(/Cannot 'force_complete' instance .* while it is in vm_state resized/),
      ]);
      for (const body of [{ force_complete: {} }, { other: null }, {}, [], { force_complete: null, other: 1 }])
        expect((await send('POST', of('/3/action'), body)).status).toBe(400);
      expect((await send('DELETE', of('/3'), undefined, demo)).status).toBe(403);
      expect((await send('POST', of('/3/action'), { force_complete: null }, demo)).status).toBe(403);
    });
  });
});

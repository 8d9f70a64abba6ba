import { ComputeCloud, GIB, HOST_ID, IMAGE_ID } from './testing/compute-cloud';

const V = (minor: number): Record<string, string> => ({ 'openstack-api-version': `compute 2.${String(minor)}` });

interface Shown {
  readonly server: Readonly<Record<string, unknown>> & { readonly id: string };
}

describe('servers', () => {
  let cloud: ComputeCloud;
  /** A tenant who has nothing yet. */
  let demo: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    await cloud.addImage('22222222-2222-4222-8222-222222222222', {}, null);
    await cloud.addImage('33333333-3333-4333-8333-333333333333', { minRamMb: 1024 });
    await cloud.addImage('44444444-4444-4444-8444-444444444444', {}, 2 * GIB);
    await cloud.addImage('55555555-5555-4555-8555-555555555555', { minDiskGb: 2 });
    await cloud.addImage('66666666-6666-4666-8666-666666666666', { visibility: 'private' });
    await cloud.addImage('77777777-7777-4777-8777-777777777777', { properties: { kernel_id: IMAGE_ID } });
  });
  beforeEach(() => {
    demo = cloud.tenant();
  });
  afterAll(() => cloud.close());

  const show = async (id: string, who = demo, minor = 1): Promise<Shown['server']> =>
    ((await cloud.ask(who, 'GET', `/servers/${id}`, undefined, V(minor))).body as Shown).server;

  const names = async (query: string, who = demo): Promise<string[]> => {
    const { body } = await cloud.ask(who, 'GET', `/servers?${query}`);
    return (body as { servers: { name: string }[] }).servers.map(({ name }) => name);
  };

  it('are launched, and can be read back at once', async () => {
    const asked = {
      name: 'My Web',
      metadata: { role: 'web' },
      user_data: Buffer.from('#!/bin/sh\n').toString('base64'),
    };
    const created = await cloud.ask(demo, 'POST', '/servers', {
      server: { flavorRef: '1', imageRef: IMAGE_ID, ...asked },
    });
    expect(created.status).toBe(202);
    const { server } = created.body as Shown;
    expect(created.headers['location']).toBe(`http://localhost:8774/v2.1/p-${demo}/servers/${server.id}`);
    expect(server).toMatchObject({ 'OS-DCF:diskConfig': 'AUTO', security_groups: [{ name: 'default' }] });
    expect(server['adminPass']).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(await show(server.id)).toMatchObject({
      name: 'My Web',
      status: 'BUILD',
      'OS-EXT-STS:task_state': 'scheduling',
      metadata: { role: 'web' },
      tenant_id: `p-${demo}`,
      user_id: `u-${demo}`,
    });
    await cloud.finishLaunch(server.id);
    expect(await show(server.id)).toMatchObject({
      status: 'ACTIVE',
      progress: 100,
      addresses: { private: [{ addr: expect.stringMatching(/^10\.0\.0\./) as string, version: 4 }] },
    });
    expect(await show(server.id, 'admin', 3)).toMatchObject({
      'OS-EXT-SRV-ATTR:host': 'node1',
      'OS-EXT-SRV-ATTR:hostname': 'my-web',
      'OS-EXT-SRV-ATTR:instance_name': expect.stringMatching(/^instance-[0-9a-f]{8}$/) as string,
      'OS-EXT-SRV-ATTR:user_data': asked.user_data,
    });
  });

  it('keep user data out of the log in clear', async () => {
    await cloud.launch(demo, { user_data: Buffer.from('the secret of this server').toString('base64') });
    const log = JSON.stringify(cloud.memory.store.all(), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(log).not.toContain('the secret of this server');
    expect(log).not.toContain(Buffer.from('the secret of this server').toString('base64'));
  });

  it('are launched once, however often the same request comes', async () => {
    const body = { server: { name: 'once', flavorRef: '1', imageRef: IMAGE_ID, min_count: 2 } };
    const key = { 'idempotency-key': 'k-1' };
    const first = await cloud.ask(demo, 'POST', '/servers', body, key);
    const again = await cloud.ask(demo, 'POST', '/servers', body, key);
    expect(again.body).toEqual(first.body);
    expect(await names('')).toEqual(expect.arrayContaining(['once-1', 'once-2']));
    expect(await names('')).toHaveLength(2);
    const { body: limits } = await cloud.ask(demo, 'GET', '/limits');
    expect(limits).toMatchObject({ limits: { absolute: { totalInstancesUsed: 2 } } });
  });

  it('come as many as the quota allows, but not fewer than asked for', async () => {
    const many = { name: 'many', flavorRef: '5', imageRef: IMAGE_ID, min_count: 1, max_count: 5 };
    const some = await cloud.ask(demo, 'POST', '/servers', { server: { ...many, return_reservation_id: true } });
    expect(some.body).toEqual({ reservation_id: expect.stringMatching(/^r-[0-9a-z]{8}$/) as string });
    expect(await names('')).toEqual(expect.arrayContaining(['many-1', 'many-2'])); // 8 of 20 cores each
    expect(await names('')).toHaveLength(2);
    const refused = await cloud.ask(demo, 'POST', '/servers', { server: { ...many, min_count: 2 } });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      forbidden: { code: 403, message: expect.stringMatching(/^Quota exceeded for cores/) as string },
    });
    expect(await names('')).toHaveLength(2);
  });

  it('of others do not exist', async () => {
    const id = await cloud.launch(demo);
    const other = cloud.tenant();
    const missing = '11111111-1111-4111-8111-111111111111';
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { server: { name: 'mine' } }],
      ['DELETE', '', undefined],
      ['POST', '/action', { 'os-stop': null }],
      ['GET', '/metadata', undefined],
      ['POST', '/metadata', { metadata: { a: 'b' } }],
      ['GET', '/ips', undefined],
      ['GET', '/os-instance-actions', undefined],
      ['GET', '/os-security-groups', undefined],
    ] as const) {
      const theirs = await cloud.ask(other, method, `/servers/${id}${path}`, body);
      const none = await cloud.ask(other, method, `/servers/${missing}${path}`, body);
      expect([method, path, theirs.status]).toEqual([method, path, 404]);
      expect(theirs.text.replaceAll(id, missing)).toBe(none.text);
    }
    expect((await cloud.ask('admin', 'GET', `/servers/${id}`)).status).toBe(200);
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).status).toBe(200);
  });

  it('are stopped, started, rebooted and deleted by the rules of their state', async () => {
    const id = await cloud.launch(demo);
    const act = async (body: object): Promise<number> =>
      (await cloud.ask(demo, 'POST', `/servers/${id}/action`, body)).status;
    const early = await cloud.ask(demo, 'POST', `/servers/${id}/action`, { 'os-stop': null });
    expect(early.body).toEqual({
      conflictingRequest: { code: 409, message: `Cannot 'stop' instance ${id} while it is in vm_state building` },
    });
    await cloud.finishLaunch(id);
    expect(await act({ 'os-stop': null })).toBe(202);
    expect(await show(id)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'powering-off' });
    expect(await act({ 'os-stop': null })).toBe(409);
    await cloud.finishOperation(id, 'stopped');
    expect(await show(id)).toMatchObject({ status: 'SHUTOFF', 'OS-EXT-STS:power_state': 4 });
    expect(await act({ 'os-start': {} })).toBe(202);
    await cloud.finishOperation(id, 'running');
    expect(await act({ reboot: { type: 'soft' } })).toBe(202);
    expect(await show(id)).toMatchObject({ status: 'REBOOT' });
    expect(await act({ reboot: { type: 'HARD' } })).toBe(202);
    expect(await show(id)).toMatchObject({ status: 'HARD_REBOOT' });
    await cloud.finishOperation(id, 'running');
    expect((await cloud.ask(demo, 'DELETE', `/servers/${id}`)).status).toBe(204);
    expect(await show(id)).toMatchObject({ 'OS-EXT-STS:task_state': 'deleting' });
    expect((await cloud.ask(demo, 'DELETE', `/servers/${id}`)).status).toBe(204);
  });

  it('tell what was done to them, by whom, in which request', async () => {
    const created = await cloud.ask(demo, 'POST', '/servers', {
      server: { name: 'told', flavorRef: '1', imageRef: IMAGE_ID },
    });
    const { id } = (created.body as Shown).server;
    await cloud.finishLaunch(id);
    const stopped = await cloud.ask(demo, 'POST', `/servers/${id}/action`, { 'os-stop': null });
    const { body } = await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`);
    const known = { instance_uuid: id, user_id: `u-${demo}`, project_id: `p-${demo}`, message: null };
    expect(body).toMatchObject({
      instanceActions: [
        { action: 'stop', request_id: stopped.headers['x-openstack-request-id'], ...known },
        { action: 'create', request_id: created.headers['x-openstack-request-id'], ...known },
      ],
    });
    const path = `/servers/${id}/os-instance-actions/${String(created.headers['x-openstack-request-id'])}`;
    const asAdmin = (await cloud.ask('admin', 'GET', path)).body;
    expect(asAdmin).toMatchObject({
      instanceAction: {
        events: [
          { event: 'conductor_schedule_and_build_instances', result: 'Success' },
          { event: 'compute__do_build_and_run_instance', result: 'Success', traceback: null },
        ],
      },
    });
    expect((await cloud.ask(demo, 'GET', path)).text).not.toContain('events');
    expect((await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions/req-none`)).status).toBe(404);
  });

  it('carry metadata, item by item', async () => {
    const id = await cloud.launch(demo, { metadata: { a: '1', b: '2' } });
    await cloud.finishLaunch(id);
    const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path = '', body?: object): Promise<unknown> =>
      (await cloud.ask(demo, method, `/servers/${id}/metadata${path}`, body)).body;
    expect(await ask('POST', '', { metadata: { b: '3', c: '4' } })).toEqual({ metadata: { a: '1', b: '3', c: '4' } });
    expect(await ask('GET', '/c')).toEqual({ meta: { c: '4' } });
    expect(await ask('PUT', '/c', { meta: { c: '5' } })).toEqual({ meta: { c: '5' } });
    expect(await ask('PUT', '/c', { meta: { d: '5' } })).toMatchObject({ badRequest: { code: 400 } });
    expect(await ask('DELETE', '/a')).toBeUndefined();
    expect(await ask('DELETE', '/a')).toMatchObject({ itemNotFound: { message: 'Metadata item was not found' } });
    expect(await ask('GET')).toEqual({ metadata: { b: '3', c: '5' } });
    expect(await ask('PUT', '', { metadata: { z: '9' } })).toEqual({ metadata: { z: '9' } });
    const tooMany = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`k${String(i)}`, 'v']));
    expect(await ask('POST', '', { metadata: tooMany })).toMatchObject({ forbidden: { code: 403 } });
    expect(await ask('PUT', '', { metadata: tooMany })).toMatchObject({ forbidden: { code: 403 } });
    expect((await show(id))['metadata']).toEqual({ z: '9' });
  });

  it('have a name and, from 2.19 on, a description that can change', async () => {
    const id = await cloud.launch(demo);
    const renamed = await cloud.ask(demo, 'PUT', `/servers/${id}`, { server: { name: 'new name' } });
    expect(renamed.body).toMatchObject({ server: { name: 'new name' } });
    const early = await cloud.ask(demo, 'PUT', `/servers/${id}`, { server: { description: 'x' } });
    expect(early.body).toMatchObject({ badRequest: { message: expect.stringContaining("'description'") as string } });
    const body = { server: { name: 'third', description: 'for the web' } };
    expect((await cloud.ask(demo, 'PUT', `/servers/${id}`, body, V(19))).body).toMatchObject(body);
    expect(await show(id, demo, 38)).toMatchObject({ ...body.server, tags: [], locked: false });
  });

  it('are listed by page, filter and order', async () => {
    for (const name of ['alpha', 'beta', 'gamma']) await cloud.launch(demo, { name });
    const gone = await cloud.launch(demo, { name: 'gone' });
    await cloud.launch(cloud.tenant(), { name: 'theirs' });
    await cloud.ask(demo, 'DELETE', `/servers/${gone}`);
    expect(await names('')).toEqual(['gone', 'gamma', 'beta', 'alpha']);
    expect(await names('sort_key=display_name&sort_dir=asc')).toEqual(['alpha', 'beta', 'gamma', 'gone']);
    expect(await names('name=a$')).toEqual(['gamma', 'beta', 'alpha']);
    expect(await names('name=^(alpha|beta)$&sort_key=display_name&sort_dir=asc')).toEqual(['alpha', 'beta']);
    expect(await names('status=BUILD')).toHaveLength(4);
    expect(await names('status=ACTIVE')).toEqual([]);
    expect(await names('status=nonsense')).toEqual([]);
    expect(await names('flavor=1&limit=1')).toEqual(['gone']);
    expect(await names('flavor=2')).toEqual([]);
    expect(await names('host=node1')).toHaveLength(4);
    expect(await names(`host=node1&all_tenants=1&project_id=p-${demo}`, 'admin')).toEqual([]);
    expect(await names('all_tenants=1&name=theirs', 'admin')).toEqual(['theirs']);
    expect(await names(`all_tenants=1&project_id=p-${demo}`, 'admin')).toHaveLength(4);
    expect(await names('changes-since=2020-01-01T00:00:00Z')).toHaveLength(4);
    expect(await names('changes-since=2099-01-01T00:00:00Z')).toEqual([]);
    const id = await cloud.launch(demo, { name: 'addressed' });
    await cloud.finishLaunch(id);
    expect(await names('ip=10.0.0')).toEqual(['addressed']);
    expect(await names('ip=10.9')).toEqual([]);
  });

  it('are listed page after page by the links', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await cloud.launch(demo, { name });
    for (const order of ['', '&sort_key=task_state&sort_key=display_name&sort_dir=asc&sort_dir=asc']) {
      const seen: string[] = [];
      let url: string | undefined = `/v2.1/p-${demo}/servers?limit=2${order}`;
      while (url !== undefined) {
        const { body } = await cloud.raw('GET', url, { 'x-auth-token': demo });
        const page = body as { servers: { name: string }[]; servers_links?: { rel: string; href: string }[] };
        seen.push(...page.servers.map(({ name }) => name));
        url = page.servers_links?.[0]?.href.replace('http://localhost:8774', '');
      }
      expect(seen).toEqual(order === '' ? ['e', 'd', 'c', 'b', 'a'] : ['a', 'b', 'c', 'd', 'e']);
    }
  });

  it.each([
    [{ flavorRef: 'none' }, /Flavor none could not be found/],
    [{ imageRef: '11111111-1111-4111-8111-111111111111' }, /could not be found/],
    [{ imageRef: '22222222-2222-4222-8222-222222222222' }, /is not active/],
    [{ imageRef: '33333333-3333-4333-8333-333333333333' }, /Flavor's memory is too small/],
    [{ imageRef: '44444444-4444-4444-8444-444444444444' }, /Flavor's disk is too small/],
    [{ imageRef: '55555555-5555-4555-8555-555555555555' }, /minimum size specified in image metadata/],
    [{ imageRef: '66666666-6666-4666-8666-666666666666' }, /could not be found/],
    [{ imageRef: '77777777-7777-4777-8777-777777777777' }, /is not aki/],
    [{ key_name: 'none' }, /Invalid key_name provided/],
    [{ security_groups: [{ name: 'none' }] }, /Security group none not found/],
    [{ networks: [{ uuid: IMAGE_ID }] }, /Network .* could not be found/],
    [{ availability_zone: 'mars' }, /availability zone is not available/],
  ])('are not launched with what does not fit: %j', async (server, message) => {
    const body = { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, ...server } };
    const reply = await cloud.ask(demo, 'POST', '/servers', body);
    expect(reply.body).toEqual({ badRequest: { code: 400, message: expect.stringMatching(message) as string } });
    expect(await names('')).toEqual([]);
  });

  it('boot from kernel, ramdisk and disk', async () => {
    const [kernel, ramdisk, disk] = ['1', '2', '3'].map((n) => `8888888${n}-8888-4888-8888-888888888888`) as [
      string,
      string,
      string,
    ];
    await cloud.addImage(kernel, { diskFormat: 'aki' });
    await cloud.addImage(ramdisk, { diskFormat: 'ari' });
    await cloud.addImage(disk, { diskFormat: 'ami', properties: { kernel_id: kernel, ramdisk_id: ramdisk } });
    const id = await cloud.launch(demo, { imageRef: disk });
    expect(await show(id, 'admin', 3)).toMatchObject({
      image: { id: disk },
      'OS-EXT-SRV-ATTR:kernel_id': kernel,
      'OS-EXT-SRV-ATTR:ramdisk_id': ramdisk,
    });
  });

  it('may be put on a certain host by administrators', async () => {
    const place = { availability_zone: 'nova:node1' };
    await expect(cloud.launch(demo, place)).rejects.toThrow(/403 .*create:forced_host/);
    await expect(cloud.launch('admin', { availability_zone: 'nova:mars' })).rejects.toThrow(/400 .*mars/);
    const id = await cloud.launch('admin', place);
    expect(await show(id, 'admin')).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'nova' });
    const { request } = await cloud.core.executor.state<{ request: object }>({ category: 'instance', id });
    expect(request).toMatchObject({ forcedHost: 'node1', availabilityZone: 'nova' });
  });

  it('show why they failed', async () => {
    const id = await cloud.launch(demo);
    const data = { code: 'scheduler.no-valid-host', message: 'No valid host was found. There are not enough hosts.' };
    await cloud.execute({ category: 'instance', id }, { type: 'FailLaunch', data });
    await cloud.caughtUp();
    expect(await show(id)).toMatchObject({ status: 'ERROR', fault: { code: 500, message: data.message } });
    const { body } = await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`);
    expect(body).toMatchObject({ instanceActions: [{ action: 'create', message: 'Error' }] });
  });

  it('that are deleted are shown to none, but their history is from 2.21 on', async () => {
    const id = await cloud.launch(demo);
    await cloud.ask(demo, 'DELETE', `/servers/${id}`);
    const target = { category: 'instance', id };
    for (;;) {
      const { debts } = await cloud.core.executor.state<{ debts: readonly { id: string }[] }>(target);
      if (debts[0] === undefined) break;
      await cloud.execute(target, { type: 'RecordReleased', data: { debtId: debts[0].id } });
    }
    await cloud.caughtUp();
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).status).toBe(404);
    expect(await names('')).toEqual([]);
    expect(await names('deleted=1', 'admin')).toEqual([]);
    expect(await names(`deleted=1&all_tenants=1&project_id=p-${demo}`, 'admin')).toEqual(['web']);
    const history = `/servers/${id}/os-instance-actions`;
    expect((await cloud.ask(demo, 'GET', history)).status).toBe(404);
    expect((await cloud.ask(demo, 'GET', history, undefined, V(21))).body).toMatchObject({
      instanceActions: [{ action: 'delete' }, { action: 'create' }],
    });
  });

  it('write to a console that their host is asked for', async () => {
    const id = await cloud.launch(demo);
    const path = `/servers/${id}/action`;
    const ask = { 'os-getConsoleOutput': { length: 2 } };
    expect((await cloud.ask(demo, 'POST', path, ask)).status).toBe(409);
    await cloud.finishLaunch(id);
    const sent: { hostId: string; lines: unknown }[] = [];
    jest.spyOn(cloud.core.replies, 'ask').mockImplementation((hostId, query) => {
      sent.push({ hostId, lines: query.lines });
      return Promise.resolve('line 1\nlogin:');
    });
    const answered = await cloud.ask(demo, 'POST', path, ask);
    expect([answered.status, answered.body]).toEqual([200, { output: 'line 1\nlogin:' }]);
    expect(sent).toEqual([{ hostId: HOST_ID, lines: 2 }]);
  });
});

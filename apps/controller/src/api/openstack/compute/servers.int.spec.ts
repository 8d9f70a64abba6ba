import { streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID, IMAGE_ID } from './testing/compute-cloud';
import { serverNames, type Shown, shownServer } from './testing/answers';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

describe('servers', () => {
  let cloud: ComputeCloud;
  /** A tenant who has nothing yet. */
  let demo: string;
  withCloud((started, tenant) => {
    [cloud, demo] = [started, tenant];
  });

  const show = (id: string, who = demo, minor = 1) => shownServer(cloud, who, id, minor);
  const names = (query: string, who = demo) => serverNames(cloud, who, query);

  it('are launched, and can be read back at once [guide 56]', async () => {
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

  it('are described by their tenants', async () => {
    const access = { accessIPv4: '192.0.2.7', accessIPv6: '2001:DB8:0:0::0007' };
    const id = await cloud.launch(demo, { ...access, 'OS-DCF:diskConfig': 'MANUAL' });
    const shown = { accessIPv4: '192.0.2.7', accessIPv6: '2001:db8::7', 'OS-DCF:diskConfig': 'MANUAL' };
    expect(await show(id)).toMatchObject(shown);
    const put = (server: object): ReturnType<typeof cloud.ask> => cloud.ask(demo, 'PUT', `/servers/${id}`, { server });
    const changed = await put({ accessIPv4: '', 'OS-DCF:diskConfig': 'AUTO', name: 'other' });
    const expected = { ...shown, accessIPv4: '', 'OS-DCF:diskConfig': 'AUTO', name: 'other' };
    expect([changed.status, changed.body]).toMatchObject([200, { server: expected }]);
    expect(await show(id)).toMatchObject(expected);
    for (const bad of [{ accessIPv4: '::1' }, { accessIPv6: 'x' }, { 'OS-DCF:diskConfig': 'SOME' }])
      expect((await put(bad)).status).toBe(400);
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

  it('that are gone are deleted once more for who repeats the same request, and unknown to all others', async () => {
    const id = await cloud.launch(demo);
    const remove = async (headers: Record<string, string>): Promise<readonly [number, string]> => {
      const { status, text } = await cloud.ask(demo, 'DELETE', `/servers/${id}`, undefined, headers);
      return [status, text];
    };
    const key = { 'idempotency-key': 'gone' };
    await Promise.all([remove(key), cloud.releaseDebts(id)]);
    expect(await remove(key)).toEqual([204, '']);
    expect(await remove({})).toEqual([404, expect.stringContaining(`Instance ${id} could not be found.`)]);
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
    const id = await cloud.active(demo, { metadata: { a: '1', b: '2' } });
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
    expect((await cloud.ask(demo, 'PUT', `/servers/${id}`, body, microversion(19))).body).toMatchObject(body);
    expect(await show(id, demo, 38)).toMatchObject({ ...body.server, tags: [], locked: false });
  });

  it('show why they failed', async () => {
    const id = await cloud.launch(demo);
    const data = { code: 'scheduler.no-valid-host', message: 'No valid host was found. There are not enough hosts.' };
    await cloud.execute(streamRef('instance', id), { type: 'FailLaunch', data });
    await cloud.caughtUp();
    expect(await show(id)).toMatchObject({ status: 'ERROR', fault: { code: 500, message: data.message } });
    const { body } = await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`);
    expect(body).toMatchObject({ instanceActions: [{ action: 'create', message: 'Error' }] });
  });

  it('that are deleted are shown to none, but their history is from 2.21 on', async () => {
    const id = await cloud.launch(demo);
    await cloud.ask(demo, 'DELETE', `/servers/${id}`);
    const target = streamRef('instance', id);
    for (;;) {
      const { debts } = await cloud.core.executor.state(target);
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
    expect((await cloud.ask(demo, 'GET', history, undefined, microversion(21))).body).toMatchObject({
      instanceActions: [{ action: 'delete' }, { action: 'create' }],
    });
  });

  it('are shown from the log while their rows lag behind', async () => {
    const id = await cloud.active(demo, { metadata: { a: 'b' } });
    const { readModel } = cloud.core;
    jest.spyOn(readModel, 'waitFor').mockResolvedValue(false);
    const position = jest.spyOn(readModel, 'position', 'get').mockReturnValue(0n);
    await cloud.ask(demo, 'PUT', `/servers/${id}`, { server: { name: 'renamed' } });
    const read = jest.spyOn(cloud.memory.store, 'read');
    const fromLog = await show(id);
    expect(read).toHaveBeenCalledWith(`instance-${id}`);
    expect(fromLog['name']).toBe('renamed');
    jest.restoreAllMocks();
    position.mockRestore();
    await cloud.caughtUp();
    expect(await show(id)).toEqual(fromLog);
  });

  it('write to a console that their host is asked for', async () => {
    const id = await cloud.launch(demo);
    const path = `/servers/${id}/action`;
    const ask = { 'os-getConsoleOutput': { length: 2 } };
    expect((await cloud.ask(demo, 'POST', path, ask)).status).toBe(409);
    await cloud.finishLaunch(id);
    const sent: { hostId: string; lines: unknown }[] = [];
    jest.spyOn(cloud.core.replies, 'ask').mockImplementation((hostId, query) => {
      sent.push({ hostId, lines: query.kind === 'read-console' ? query.payload.lines : null });
      return Promise.resolve('line 1\nline 2\n');
    });
    const answered = await cloud.ask(demo, 'POST', path, ask);
    // nova counts what follows the last line end as a line
    expect([answered.status, answered.body]).toEqual([200, { output: 'line 2\n' }]);
    expect(sent).toEqual([{ hostId: HOST_ID, lines: 2 }]);
  });
});

import { deriveId, instanceRef, type LaunchRequest, serverReservation, streamRef } from '@cairn/domain';
import { fetchWhere, ServerRow } from '@cairn/projections';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { ComputeCloud, GIB, IMAGE_ID } from './testing/compute-cloud';
import { serverNames, shownServer } from './testing/answers';
import { withCloud } from './testing/with-cloud';

describe('launches and lists of servers', () => {
  let cloud: ComputeCloud;
  /** A tenant who has nothing yet. */
  let demo: string;
  withCloud(
    (started, tenant) => {
      [cloud, demo] = [started, tenant];
    },
    async (started) => {
      await started.addImage('22222222-2222-4222-8222-222222222222', {}, null);
      await started.addImage('33333333-3333-4333-8333-333333333333', { minRamMb: 1024 });
      await started.addImage('44444444-4444-4444-8444-444444444444', {}, 2 * GIB);
      await started.addImage('55555555-5555-4555-8555-555555555555', { minDiskGb: 2 });
      await started.addImage('66666666-6666-4666-8666-666666666666', { visibility: 'private' });
      await started.addImage('77777777-7777-4777-8777-777777777777', { properties: { kernel_id: IMAGE_ID } });
    },
  );

  const show = (id: string, who = demo, minor = 1) => shownServer(cloud, who, id, minor);
  const names = (query: string, who = demo) => serverNames(cloud, who, query);

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

  it('can be asked for again when a crash had undone the first try', async () => {
    const key = { 'idempotency-key': 'k-2' };
    const command = deriveId('idempotency', `p-${demo}`, `u-${demo}`, 'create-server', 'k-2');
    const instanceId = deriveId(command, 'instance', 0);
    // What is left when the reservation was settled before the launch was in the log.
    await cloud.execute(streamRef('instance', instanceId), { type: 'AbandonCreation', data: { id: instanceId } });
    const body = { server: { name: 'again', flavorRef: '1', imageRef: IMAGE_ID } };
    const first = await cloud.ask(demo, 'POST', '/servers', body, key);
    expect(first.status).toBe(202);
    expect((await cloud.ask(demo, 'POST', '/servers', body, key)).body).toEqual(first.body);
    expect(await names('')).toEqual(['again']);
  });

  it('can be asked for again, all of them, when a crash between them had undone the first try', async () => {
    const key = { 'idempotency-key': 'k-3' };
    const command = deriveId('idempotency', `p-${demo}`, `u-${demo}`, 'create-server', 'k-3');
    const body = { server: { name: 'two', flavorRef: '1', imageRef: IMAGE_ID, min_count: 2 } };
    const [kept = '', lost = ''] = [0, 1].map((i) => deriveId(command, 'instance', i));
    const quota = streamRef('quota', `p-${demo}`);
    const limits = { instances: 3 };
    await cloud.execute(quota, { type: 'SetQuotaLimits', data: { limits, force: false } });
    const reservations = [kept, lost].map((id) => serverReservation(id, { vcpus: 1, ramMb: 512 }));
    await cloud.execute(quota, { type: 'ReserveQuota', data: { reservations } });
    const one = await cloud.launch(demo);
    const { request } = await cloud.core.executor.state(streamRef('instance', one));
    const data = { ...(request as LaunchRequest), instanceId: kept };
    await cloud.execute(streamRef('instance', kept), { type: 'LaunchInstance', data });
    await cloud.execute(streamRef('instance', lost), { type: 'AbandonCreation', data: { id: lost } });
    // The first try still counts: there is no room for another, but there will be.
    expect((await cloud.ask(demo, 'POST', '/servers', body, key)).status).toBe(503);
    await cloud.execute(quota, { type: 'RecordOwnerMissing', data: { owner: instanceRef(lost) } });
    await cloud.execute(quota, { type: 'ReleaseQuota', data: { owner: instanceRef(kept) } });
    const again = await cloud.ask(demo, 'POST', '/servers', body, key);
    expect(again.status).toBe(202);
    expect(again.text).not.toContain(kept);
    expect((await cloud.ask(demo, 'POST', '/servers', body, key)).body).toEqual(again.body);
    const { held: counted } = await cloud.core.executor.state(quota);
    expect(counted.size).toBe(3);
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

  it.each([
    [{ flavorRef: undefined }, /'flavorRef' is a required property/],
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
  ])('are not launched with what does not fit: %j [guide 27,42]', async (server, message) => {
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
    const { request } = await cloud.core.executor.state(streamRef('instance', id));
    expect(request).toMatchObject({ forcedHost: 'node1', availabilityZone: 'nova' });
  });

  it('are gone when their deletion is answered, where no host has a part in it', async () => {
    const id = await cloud.launch(demo);
    const target = streamRef('instance', id);
    await cloud.execute(target, { type: 'FailLaunch', data: { code: 'scheduler.no-valid-host', message: 'none' } });
    const deletion = cloud.ask(demo, 'DELETE', `/servers/${id}`);
    await cloud.releaseDebts(id);
    expect((await deletion).status).toBe(204);
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).status).toBe(404);
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
    await cloud.active(demo, { name: 'addressed' });
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

  it('are read as TypeORM reads them, only faster', async () => {
    await cloud.launch(demo, { metadata: { a: 'b' } });
    const own = { sql: 'project_id = ?', parameters: [`p-${demo}`] };
    const query = (rows: EntityManager): SelectQueryBuilder<ServerRow> =>
      rows.createQueryBuilder(ServerRow, 's').where('s.projectId = :project', { project: `p-${demo}` });
    const [plain, usual] = await cloud.core.readModel.read(async (rows) => [
      [
        await fetchWhere(rows, ServerRow, own),
        await fetchWhere(rows, ServerRow, own, { columns: ['name', 'id', 'id'] }),
      ],
      [await query(rows).getMany(), await query(rows).select(['s.name', 's.id']).getMany()],
    ]);
    expect(plain[0]).toHaveLength(1);
    expect(plain).toEqual(usual);
  });
});

import { addressesOf, streamRef } from '@cairn/domain';
import { FloatingIpRow } from '@cairn/projections';
import { ComputeCloud, HOST_ID, IMAGE_ID } from '../testing/compute-cloud';
import { outcome } from '../testing/answers';
import { microversion } from '../testing/microversion';

interface FloatingIp {
  readonly id: number;
  readonly ip: string;
  readonly pool: string;
  readonly fixed_ip: string | null;
  readonly instance_id: string | null;
}

const NONE = { fixed_ip: null, instance_id: null };

describe('floating addresses', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    await bulk({ ip_range: '203.0.113.0/28', interface: 'eth1' });
  });
  afterAll(() => cloud.close());

  const bulk = (asked: object) =>
    cloud.ask('admin', 'POST', '/os-floating-ips-bulk', { floating_ips_bulk_create: asked });
  const allocate = async (who: string): Promise<FloatingIp> => {
    const { body } = await cloud.ask(who, 'POST', '/os-floating-ips', { pool: 'nova' });
    return (body as { floating_ip: FloatingIp }).floating_ip;
  };
  const act = (who: string, id: string, body: object, minor = 1) =>
    cloud.ask(who, 'POST', `/servers/${id}/action`, body, microversion(minor));
  const addressesOf = async (who: string, id: string): Promise<readonly Record<string, unknown>[]> => {
    const { body } = await cloud.ask(who, 'GET', `/servers/${id}`);
    const { addresses } = (body as { server: { addresses: Record<string, Record<string, unknown>[]> } }).server;
    return addresses['private'] ?? [];
  };
  const shown = async (who: string, { id }: FloatingIp): Promise<FloatingIp> => {
    const { body } = await cloud.ask(who, 'GET', `/os-floating-ips/${String(id)}`);
    return (body as { floating_ip: FloatingIp }).floating_ip;
  };

  it('come from pools of ranges, which administrators make and take apart in the words of nova', async () => {
    const answer = await bulk({ ip_range: '198.51.100.1/30', pool: 'other', interface: 'eth2' });
    expect([answer.status, answer.body]).toEqual([
      200,
      { floating_ips_bulk_create: { ip_range: '198.51.100.1/30', pool: 'other', interface: 'eth2' } },
    ]);
    const { body } = await cloud.ask('admin', 'GET', '/os-floating-ips-bulk');
    const info = (body as { floating_ip_info: readonly { pool: string }[] }).floating_ip_info;
    const free = { pool: 'other', interface: 'eth2', project_id: null, instance_uuid: null, fixed_ip: null };
    expect(info.filter(({ pool }) => pool === 'other')).toEqual(
      ['198.51.100.1', '198.51.100.2'].map((address) => ({ address, ...free })),
    );
    expect((await cloud.ask(cloud.tenant(), 'GET', '/os-floating-ip-pools')).body).toEqual({
      floating_ip_pools: [{ name: 'nova' }, { name: 'other' }],
    });
    expect(await outcome(bulk({ ip_range: '198.51.100.2' }))).toEqual([
      409,
      'Floating IP 198.51.100.2 already exists.',
    ]);
    const remove = (range: string, what = 'delete') =>
      cloud.ask('admin', 'PUT', `/os-floating-ips-bulk/${what}`, { ip_range: range });
    expect((await remove('198.51.100.0/30')).body).toEqual({ floating_ips_bulk_delete: '198.51.100.0/30' });
    expect((await cloud.ask('admin', 'GET', '/os-floating-ip-pools')).body).toEqual({
      floating_ip_pools: [{ name: 'nova' }],
    });
    expect((await remove('198.51.100.0/30', 'undelete')).status).toBe(404);
    expect((await cloud.ask(cloud.tenant(), 'GET', '/os-floating-ips-bulk')).status).toBe(403);
  });

  it.each([
    ['203.0.113.0/31', '/31 should be specified as single address(es) not in cidr format'],
    ['10.0.0.0/8', 'Too many IP addresses will be generated.  Please increase /8 to reduce the number generated.'],
    ['a range', 'invalid IPNetwork a range'],
    ['2001:db8::/64', 'invalid IPNetwork 2001:db8::/64'],
  ])('are not made of %s', async (range, why) => {
    expect(await outcome(bulk({ ip_range: range }))).toEqual([400, `Invalid input received: ${why}`]);
  });

  it('have no interface that a shell or a rule could take for something else', async () => {
    expect((await bulk({ ip_range: '192.0.2.1', interface: 'eth0; drop' })).status).toBe(400);
    expect((await bulk({ ip_range: '192.0.2.1', pool: ' ' })).status).toBe(400);
    expect((await bulk({})).status).toBe(400);
  });

  it('are of one project, which lists, shows and gives them back', async () => {
    const [who, other] = [cloud.tenant(), cloud.tenant()];
    const one = await allocate(who);
    expect(one).toMatchObject({ pool: 'nova', ...NONE });
    expect((await cloud.ask(who, 'GET', '/os-floating-ips')).body).toEqual({ floating_ips: [one] });
    expect((await cloud.ask(other, 'GET', '/os-floating-ips')).body).toEqual({ floating_ips: [] });
    expect(await shown(who, one)).toEqual(one);
    const path = `/os-floating-ips/${String(one.id)}`;
    const missing = [404, `Floating IP not found for ID ${String(one.id)}`];
    expect(await outcome(cloud.ask(other, 'GET', path))).toEqual(missing);
    expect(await outcome(cloud.ask(other, 'DELETE', path))).toEqual(missing);
    const taken = cloud.ask('admin', 'PUT', '/os-floating-ips-bulk/delete', { ip_range: one.ip });
    expect(await outcome(taken)).toEqual([409, `Floating IP ${one.ip} is in use.`]);
    expect((await cloud.ask(who, 'DELETE', path)).status).toBe(202);
    expect(await outcome(cloud.ask(who, 'GET', path))).toEqual(missing);
    expect((await cloud.ask(who, 'GET', '/os-floating-ips')).body).toEqual({ floating_ips: [] });
  });

  it('are as many as the quota of the project and its pool allow', async () => {
    const who = cloud.tenant();
    const ask = (body: unknown) => cloud.ask(who, 'POST', '/os-floating-ips', body);
    await bulk({ ip_range: '192.0.2.9', pool: 'small' });
    expect((await ask({ pool: 'small' })).status).toBe(200);
    expect(await outcome(ask({ pool: 'small' }))).toEqual([404, 'No more floating IPs in pool small.']);
    expect(await outcome(ask({ pool: 'none' }))).toEqual([404, 'Floating IP pool not found.']);
    expect((await ask({ pool: 7 })).status).toBe(400);
    const limits = { floating_ips: 1 };
    await cloud.execute(streamRef('quota', `p-${who}`), { type: 'SetQuotaLimits', data: { limits, force: false } });
    expect(await outcome(ask({ pool: 'nova' }))).toEqual([403, 'IP allocation over quota in pool nova.']);
    expect(await outcome(ask(undefined))).toEqual([403, 'IP allocation over quota.']);
    await cloud.caughtUp();
    const { body } = await cloud.ask(who, 'GET', '/limits');
    expect(body).toMatchObject({ limits: { absolute: { totalFloatingIpsUsed: 1, maxTotalFloatingIps: 1 } } });
  });

  it('are not had beside the quota by repeating a request that found none', async () => {
    const who = cloud.tenant();
    await bulk({ ip_range: '192.0.2.20', pool: 'single' });
    const ask = (more = {}) => cloud.ask(who, 'POST', '/os-floating-ips', { pool: 'single' }, more);
    expect((await ask()).status).toBe(200);
    const key = { 'idempotency-key': 'found-none' };
    const none = [404, 'No more floating IPs in pool single.'];
    expect(await outcome(ask(key))).toEqual(none);
    await bulk({ ip_range: '192.0.2.21', pool: 'single' });
    expect(await outcome(ask(key))).toEqual(none);
    const { body } = await cloud.ask(who, 'GET', '/os-floating-ips');
    expect((body as { floating_ips: readonly FloatingIp[] }).floating_ips).toHaveLength(1);
  });

  it('lead to a server, which shows them, until they lead to another one or nowhere [guide 104]', async () => {
    const who = cloud.tenant();
    const [first, second] = [await cloud.active(who), await cloud.active(who)];
    const one = await allocate(who);
    const add = { addFloatingIp: { address: one.ip } };
    expect((await act(who, first, add)).status).toBe(202);
    const [fixed, floating] = await addressesOf(who, first);
    expect(floating).toEqual({ ...fixed, addr: one.ip, 'OS-EXT-IPS:type': 'floating' });
    expect(await shown(who, one)).toEqual({ ...one, instance_id: first, fixed_ip: fixed?.['addr'] });
    expect((await act(who, second, add)).status).toBe(202);
    expect(await addressesOf(who, first)).toEqual([fixed]);
    expect(await addressesOf(who, second)).toHaveLength(2);
    const remove = { removeFloatingIp: { address: one.ip } };
    expect(await outcome(act(who, first, remove))).toEqual([
      409,
      `Floating IP ${one.ip} is not associated with instance ${first}.`,
    ]);
    expect((await act(who, second, remove)).status).toBe(202);
    expect(await addressesOf(who, second)).toHaveLength(1);
    expect(await shown(who, one)).toEqual(one);
    expect((await act(who, second, remove)).status).toBe(409);
    await act(who, second, add);
    await cloud.ask(who, 'DELETE', `/os-floating-ips/${String(one.id)}`);
    expect(await addressesOf(who, second)).toHaveLength(1);
  });

  it('lead to the fixed address that is asked for', async () => {
    const who = cloud.tenant();
    const id = await cloud.active(who);
    const one = await allocate(who);
    const [fixed] = await addressesOf(who, id);
    const add = (fixedAddress: unknown) =>
      act(who, id, { addFloatingIp: { address: one.ip, fixed_address: fixedAddress } });
    expect(await outcome(add('10.99.0.1'))).toEqual([400, 'Specified fixed address not assigned to instance']);
    expect((await add('x')).status).toBe(400);
    expect((await add(fixed?.['addr'])).status).toBe(202);
    expect(await shown(who, one)).toMatchObject({ fixed_ip: fixed?.['addr'] });
  });

  it('are refused to servers of others, and where there is no such address', async () => {
    const [who, other] = [cloud.tenant(), cloud.tenant()];
    const id = await cloud.active(who);
    const foreign = await allocate(other);
    const add = (address: string) => act(who, id, { addFloatingIp: { address } });
    expect(await outcome(add(foreign.ip))).toEqual([404, 'floating IP not found']);
    expect(await outcome(add('192.0.2.250'))).toEqual([404, 'floating IP not found']);
    expect(await outcome(act(who, id, { removeFloatingIp: { address: '192.0.2.250' } }))).toEqual([
      404,
      'floating IP not found',
    ]);
    expect((await add('nonsense')).status).toBe(400);
    expect((await act(who, id, { addFloatingIp: {} })).status).toBe(400);
    expect((await act(other, id, { addFloatingIp: { address: foreign.ip } })).status).toBe(404);
  });

  it('have no actions from 2.44 on, and are not there at all from 2.36 on', async () => {
    const who = cloud.tenant();
    const id = await cloud.active(who);
    const one = await allocate(who);
    expect((await act(who, id, { addFloatingIp: { address: one.ip } }, 43)).status).toBe(202);
    expect((await act(who, id, { removeFloatingIp: { address: one.ip } }, 44)).status).toBe(404);
    for (const path of ['os-floating-ips', 'os-floating-ip-pools', 'os-floating-ips-bulk']) {
      const at = (minor: number) => cloud.ask('admin', 'GET', `/${path}`, undefined, microversion(minor));
      expect([path, (await at(35)).status, (await at(36)).status]).toEqual([path, 200, 404]);
    }
  });

  it('stay with their project when the server goes, and say which host is to carry them while it is there', async () => {
    const who = cloud.tenant();
    const id = await cloud.active(who);
    const one = await allocate(who);
    await act(who, id, { addFloatingIp: { address: one.ip } });
    const [row] = await cloud.core.readModel.rowsWith(FloatingIpRow, { number: one.id });
    const floatingIpId = row?.id ?? '';
    const floating = streamRef('floatingip', floatingIpId);
    const { association } = await cloud.core.executor.state(floating);
    const associationId = association?.associationId ?? '';
    await cloud.execute(floating, { type: 'PlaceFloatingIp', data: { associationId, version: 1, hostId: HOST_ID } });
    await cloud.caughtUp();
    const on = (host: string) => cloud.ask('admin', 'GET', `/os-floating-ips-bulk/${host}`);
    expect((await on('node1')).body).toMatchObject({ floating_ip_info: [{ address: one.ip, instance_uuid: id }] });
    expect(await outcome(on('node9'))).toEqual([404, 'Floating IP not found for host node9.']);
    await cloud.ask(who, 'DELETE', `/servers/${id}`);
    const { debts } = await cloud.core.executor.state(streamRef('instance', id));
    expect(debts).toContainEqual(expect.objectContaining({ kind: 'floating-ip', floatingIpId }));
    await cloud.execute(floating, {
      type: 'LoseFloatingIpPort',
      data: { associationId, code: 'instance.deleted', message: 'gone' },
    });
    await cloud.caughtUp();
    expect(await shown(who, one)).toEqual(one);
  });
});

describe('floating addresses that servers get at their launch', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start({}, { autoAssignFloatingIp: true, defaultFloatingPool: 'outside' });
  });
  afterAll(() => cloud.close());

  /** Does what a launch owes, up to the floating IP. */
  async function launched(who: string): Promise<{ readonly id: string; readonly address: string }> {
    const id = await cloud.active(who);
    const instance = await cloud.core.executor.state(streamRef('instance', id));
    const wish = instance.request?.autoFloatingIp;
    if (wish === undefined) throw new Error('no floating IP was asked for');
    const owner = { category: 'floatingip', id: wish.floatingIpId } as const;
    const reserve = { type: 'ReserveFloatingAddress', data: { owner, address: null } } as const;
    const { answer: grant } = await cloud.execute(streamRef('floatingpool', wish.poolId), reserve);
    if (grant === undefined) throw new Error('no address was held');
    const [port] = addressesOf(instance);
    if (port === undefined) throw new Error('the server has no address');
    const { claimId: portId, address: fixedAddress, network } = port;
    const target = { holder: streamRef('instance', id), portId, networkId: network.networkId, fixedAddress };
    const record = { ...wish, projectId: `p-${who}`, address: grant.address, interface: grant.interface };
    await cloud.execute(owner, { type: 'AssignFloatingIp', data: { record, target } });
    await cloud.caughtUp();
    return { id, address: grant.address };
  }

  it('are of the default pool, and stay with the server even when a tenant asks to move them [guide 108]', async () => {
    const who = cloud.tenant();
    await cloud.ask('admin', 'POST', '/os-floating-ips-bulk', {
      floating_ips_bulk_create: { ip_range: '203.0.113.0/29' },
    });
    const { id, address } = await launched(who);
    const { body } = await cloud.ask(who, 'GET', '/os-floating-ips');
    const { floating_ips } = body as { floating_ips: readonly FloatingIp[] };
    expect(floating_ips).toMatchObject([{ ip: address, pool: 'outside', instance_id: id }]);
    const kept = [403, 'Cannot disassociate auto assigned floating IP'];
    const act = (action: object) => cloud.ask(who, 'POST', `/servers/${id}/action`, action);
    expect(await outcome(act({ removeFloatingIp: { address } }))).toEqual(kept);
    const number = String(floating_ips[0]?.id ?? 0);
    expect(await outcome(cloud.ask(who, 'DELETE', `/os-floating-ips/${number}`))).toEqual(kept);
    const other = await cloud.active(who);
    expect((await cloud.ask(who, 'POST', `/servers/${other}/action`, { addFloatingIp: { address } })).status).toBe(202);
    expect((await cloud.ask(who, 'GET', `/os-floating-ips/${number}`)).body).toMatchObject({
      floating_ip: { instance_id: id },
    });
  });

  it('are not for servers without networks', async () => {
    const who = cloud.tenant();
    const server = { name: 'alone', flavorRef: '1', imageRef: IMAGE_ID, networks: 'none' };
    const { body } = await cloud.ask(who, 'POST', '/servers', { server }, microversion(37));
    const { id } = (body as { server: { id: string } }).server;
    const { request } = await cloud.core.executor.state(streamRef('instance', id));
    expect(request?.autoFloatingIp).toBeUndefined();
  });
});

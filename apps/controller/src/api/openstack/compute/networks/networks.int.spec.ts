import { ComputeCloud, IMAGE_ID } from '../testing/compute-cloud';
import { outcome } from '../testing/answers';
import { microversion } from '../testing/microversion';

interface Shown {
  readonly id: string;
  readonly label: string;
  readonly cidr: string;
  readonly project_id: string | null;
  readonly priority: number | null;
  readonly host: string | null;
}

describe('networks', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  let last = 0;
  const freshCidr = (): string => `10.77.${String((last += 1))}.0/24`;
  const ask = (who: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, minor = 1) =>
    cloud.ask(who, method, path, body, microversion(minor));
  const post = (network: object) => ask('admin', 'POST', '/os-networks', { network });
  async function make(more: object = {}): Promise<Shown> {
    const { body } = await post({ label: 'made', cidr: freshCidr(), ...more });
    return (body as { network: Shown }).network;
  }
  const projectOf = (who: string): string => `p-${who}`;
  const idsSeenBy = async (who: string, path = '/os-networks'): Promise<readonly string[]> => {
    const { body } = await ask(who, 'GET', path);
    return (body as { networks: Shown[] }).networks.map(({ id }) => id);
  };
  const launch = (who: string, networks: readonly object[]) =>
    ask(who, 'POST', '/servers', { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, networks } });

  describe('of a project', () => {
    it('are seen by that project and by administrators only', async () => {
      const [own, other] = [cloud.tenant(), cloud.tenant()];
      const { id, project_id } = await make({ project_id: projectOf(own) });
      expect(project_id).toBe(projectOf(own));
      for (const path of ['/os-networks', '/os-tenant-networks']) {
        expect(await idsSeenBy(own, path)).toContain(id);
        expect(await idsSeenBy('admin', path)).toContain(id);
        expect(await idsSeenBy(other, path)).not.toContain(id);
        expect(await outcome(ask(other, 'GET', `${path}/${id}`))).toEqual([404, 'Network not found']);
        expect((await ask(own, 'GET', `${path}/${id}`)).status).toBe(200);
      }
    });

    it('take its servers only, unasked in the order of their priorities [guide 109]', async () => {
      const [own, other] = [cloud.tenant(), cloud.tenant()];
      const second = await make({ project_id: projectOf(own), label: 'second', priority: 2 });
      const first = await make({ project_id: projectOf(own), label: 'first', priority: '1' });
      expect(await outcome(launch(other, [{ uuid: first.id }]))).toEqual([
        400,
        `Network ${first.id} could not be found.`,
      ]);
      const addressesOf = async (who: string): Promise<readonly string[]> => {
        const id = await cloud.active(who);
        const { body } = await ask(who, 'GET', `/servers/${id}/ips`);
        return Object.keys((body as { addresses: object }).addresses);
      };
      expect((await addressesOf(own)).filter((label) => label !== 'made')).toEqual([
        first.label,
        second.label,
        'private',
      ]);
      expect(await addressesOf(other)).toEqual(['private']);
    });

    it('are not deleted before they are disassociated [guide 113]', async () => {
      const who = cloud.tenant();
      const { id } = await make({ project_id: projectOf(who) });
      const message = `Network must be disassociated from project ${projectOf(who)} before it can be deleted.`;
      expect(await outcome(ask('admin', 'DELETE', `/os-networks/${id}`))).toEqual([409, message]);
      const action = { disassociate_project: null };
      expect((await ask('admin', 'POST', `/os-networks/${id}/action`, action)).status).toBe(202);
      expect((await ask('admin', 'GET', `/os-networks/${id}`)).body).toMatchObject({ network: { project_id: null } });
      expect((await ask('admin', 'DELETE', `/os-networks/${id}`)).status).toBe(202);
    });

    it('come to the project of an administrator who adds them', async () => {
      const { id } = await make();
      expect((await ask('admin', 'POST', '/os-networks/add', { id })).status).toBe(202);
      expect((await ask('admin', 'GET', `/os-networks/${id}`)).body).toMatchObject({
        network: { project_id: projectOf('admin') },
      });
      const none = [400, 'No more available networks.'];
      expect(await outcome(ask('admin', 'POST', '/os-networks/add', { id }))).toEqual(none);
      expect(await outcome(ask('admin', 'POST', '/os-networks/add', { id: 'none' }))).toEqual(none);
      expect((await ask('admin', 'POST', `/os-networks/${id}/action`, { disassociate: null })).status).toBe(202);
      expect((await ask('admin', 'POST', '/os-networks/add', {})).status).toBe(400);
    });
  });

  it('may be without DHCP: their guests get addresses injected [guide 74]', async () => {
    const injected = { enable_dhcp: false, injected: true, dhcp_server: null };
    expect(await make({ enable_dhcp: 'False' })).toMatchObject(injected);
    expect(await make({ enable_dhcp: true })).toMatchObject({ enable_dhcp: true, injected: false });
  });

  it('may have an interface of hosts that joins their bridges, each its own [guide 68]', async () => {
    expect(await make({ bridge_interface: 'eth7' })).toMatchObject({ bridge_interface: 'eth7' });
    expect(await outcome(post({ label: 'x', cidr: freshCidr(), bridge_interface: 'eth7' }))).toEqual([
      409,
      'Interface eth7 joins the bridges of network made already.',
    ]);
  });

  it('may have one host for the gateway of all guests, which an operator moves [guide 71]', async () => {
    const { id, host } = await make({ multi_host: false });
    const shown = async () => (await ask('admin', 'GET', `/os-networks/${id}`)).body as { network: Shown };
    expect([host, await shown()]).toMatchObject([null, { network: { multi_host: false } }]);
    const act = (body: object) => ask('admin', 'POST', `/os-networks/${id}/action`, body);
    expect(await outcome(act({ associate_host: 'nowhere' }))).toEqual([
      404,
      'Compute host nowhere could not be found.',
    ]);
    expect((await act({ associate_host: 'node1' })).status).toBe(202);
    const { networks } = (await ask('admin', 'GET', '/os-networks')).body as { networks: readonly Shown[] };
    expect(networks.find((one) => one.id === id)?.host).toBe('node1');
    expect((await act({ disassociate_host: null })).status).toBe(202);
    expect((await shown()).network.host).toBeNull();
  });

  it('have no host of their own: there is none to take away, and none is given', async () => {
    const { id } = await make();
    const act = (body: object, who = 'admin') => ask(who, 'POST', `/os-networks/${id}/action`, body);
    expect((await act({ disassociate_host: null })).status).toBe(202);
    expect(await outcome(act({ associate_host: 'node1' }))).toEqual([
      501,
      'The requested functionality is not supported.',
    ]);
    expect((await act({ associate_host: 'a b' })).status).toBe(400);
    expect((await act({ reassociate: null })).status).toBe(400);
    expect((await act({ disassociate: null }, cloud.tenant())).status).toBe(403);
    const unknown = ask('admin', 'POST', '/os-networks/none/action', { disassociate: null });
    expect(await outcome(unknown)).toEqual([404, 'Network not found']);
  });

  it.each([
    [{ cidr_v6: 'fd00::1/64' }, /cidr_v6. Value: fd00::1\/64. fd00::1\/64 is not a valid ip network/],
    [{ cidr_v6: '10.99.0.0/24' }, /cidr_v6.*is not a valid ip network/],
    [{ cidr_v6: 'fd00::/65' }, /^Invalid input for field\/attribute cidr_v6. fd00::\/65 has not a prefix of 64 bits/],
    [{ cidr_v6: 'fe80::/64' }, /cidr_v6. fe80::\/64 is neither in 2000::\/3 nor in fc00::\/7/],
    [{ gateway_v6: 'fd00::1' }, /^gateway_v6: the network has no cidr_v6/],
    [{ cidr_v6: 'fd00::/64', gateway_v6: '10.99.0.1' }, /gateway_v6.*is not a 'ipv6'/],
    [{ cidr_v6: 'fd00::/64', gateway_v6: 'fd01::1' }, /gateway_v6. fd01::1 is not in fd00::\/64/],
    [{ cidr_v6: 'fd00::/64', mtu: 1000 }, /mtu. IPv6 needs packets of 1280 bytes/],
    [{ cidr_v6: 'fd00::/64', enable_dhcp: false }, /cidr_v6. IPv6 needs DHCP and a gateway on each host/],
    [{ cidr_v6: 'fd00::/64', multi_host: false }, /cidr_v6. IPv6 needs DHCP and a gateway on each host/],
    [{ vlan: 100 }, /^vlan: only flat networks/],
    [{ bridge_interface: 'eth1; drop' }, /^bridge_interface: eth1; drop is no name of an interface/],
    [{ share_address: 'False' }, /^share_address: the gateway has the same address on each host/],
    [{ dhcp_server: '10.99.0.3' }, /^dhcp_server: DHCP is served from the gateway/],
    [{ fixed_cidr: '10.98.0.0/25' }, /^10.98.0.0 is not within 10.99.0.0\/24/],
    [{ project_id: 'a b' }, /project_id/],
    [{ colour: 'blue' }, /Additional properties are not allowed/],
  ])('are refused where no host makes what is asked for: %j', async (more, why) => {
    const [status, message] = await outcome(post({ label: 'no', cidr: '10.99.0.0/24', ...more }));
    expect([status, message]).toEqual([400, expect.stringMatching(why)]);
  });

  it('have IPv6 addresses where a prefix is given, which no other network has', async () => {
    const made = await make({ cidr: '10.77.0.0/24', cidr_v6: 'FD77:0:0:10::/60' });
    expect(made).toMatchObject({
      cidr_v6: 'fd77:0:0:10::/64',
      gateway_v6: 'fd77:0:0:10::1',
      netmask_v6: 'ffff:ffff:ffff:ffff::',
    });
    const other = post({ label: 'other', cidr: '10.76.0.0/24', cidr_v6: 'fd77:0:0:10::/64' });
    expect(await outcome(other)).toEqual([
      409,
      'Requested cidr (fd77:0:0:10::/64) conflicts with existing cidr (fd77:0:0:10::/64)',
    ]);
    const id = await cloud.active('admin', { networks: [{ uuid: made.id }] });
    const { body } = await ask('admin', 'GET', `/servers/${id}`);
    const { server } = body as { server: { addresses: { made: readonly { addr: string }[] } } };
    const [v4, v6] = server.addresses.made;
    expect(server.addresses.made).toMatchObject([
      { version: 4, 'OS-EXT-IPS:type': 'fixed' },
      { version: 6, 'OS-EXT-IPS:type': 'fixed' },
    ]);
    expect(v6?.addr).toMatch(/^fd77::10:f816:3eff:fe/);
    const found = async (query: string): Promise<readonly string[]> => {
      const list = (await ask('admin', 'GET', `/servers?${query}`)).body as { servers: readonly { id: string }[] };
      return list.servers.map((one) => one.id);
    };
    expect(await found(`ip6=${v6?.addr ?? ''}`)).toEqual([id]);
    expect(await found('ip6=^fd78')).toEqual([]);
    const fixed_ips = [v4, v6].map((one) => ({ ip_address: one?.addr, subnet_id: made.id }));
    const ports = await ask('admin', 'GET', `/servers/${id}/os-interface`);
    expect(ports.body).toMatchObject({ interfaceAttachments: [{ fixed_ips }] });
  });

  it('give addresses of a part of them when that is asked for', async () => {
    const made = await make({ cidr: '10.78.0.0/24', fixed_cidr: '10.78.0.128/29', multi_host: 'True', ipam: true });
    const id = await cloud.active('admin', { networks: [{ uuid: made.id }] });
    const { body } = await ask('admin', 'GET', `/servers/${id}/ips`);
    expect(body).toMatchObject({ addresses: { made: [{ addr: '10.78.0.130' }] } });
  });

  it('are made of parts of one block where a tenant wants several', async () => {
    const network = { label: 'cut', cidr: '10.79.0.0/24', num_networks: 3, network_size: 60 };
    const { status, body } = await ask('admin', 'POST', '/os-tenant-networks', { network });
    const first = { id: expect.any(String) as string, label: 'cut_0', cidr: '10.79.0.0/26' };
    expect([status, body]).toEqual([200, { network: first }]);
    const { networks } = (await ask('admin', 'GET', '/os-networks')).body as { networks: Shown[] };
    expect(
      networks.filter(({ label }) => label.startsWith('cut')).map((one) => [one.label, one.cidr, one.project_id]),
    ).toEqual([0, 1, 2].map((i) => [`cut_${String(i)}`, `10.79.0.${String(64 * i)}/26`, projectOf('admin')]));
    const tooMany = { ...network, cidr: '10.79.1.0/24', num_networks: 5 };
    expect((await ask('admin', 'POST', '/os-tenant-networks', { network: tooMany })).status).toBe(400);
    const [one] = networks.filter(({ label }) => label === 'cut_2');
    expect((await ask('admin', 'DELETE', `/os-tenant-networks/${one?.id ?? ''}`)).status).toBe(202);
  });

  describe('and their fixed addresses', () => {
    const show = (address: string, minor = 4) => ask('admin', 'GET', `/os-fixed-ips/${address}`, undefined, minor);
    const act = (address: string, body: object, minor = 1) =>
      ask('admin', 'POST', `/os-fixed-ips/${address}/action`, body, minor);

    it('are never given out while they are reserved [guide 88]', async () => {
      const { id, cidr } = await make({ cidr: '10.80.0.0/29' });
      expect((await act('10.80.0.2', { reserve: null })).status).toBe(202);
      const fixed_ip = { address: '10.80.0.2', cidr, host: null, hostname: null };
      expect((await show('10.80.0.2')).body).toEqual({ fixed_ip: { ...fixed_ip, reserved: true } });
      expect((await show('10.80.0.2', 3)).body).toEqual({ fixed_ip });
      await cloud.active('admin', { networks: [{ uuid: id }] });
      const holder = { host: 'node1', hostname: 'web', reserved: false };
      expect((await show('10.80.0.3')).body).toMatchObject({ fixed_ip: holder });
      expect(await outcome(launch('admin', [{ uuid: id, fixed_ip: '10.80.0.2' }]))).toEqual([
        400,
        `Fixed IP address (10.80.0.2) does not exist in network (${id}).`,
      ]);
      expect((await act('10.80.0.2', { unreserve: null })).status).toBe(202);
      expect((await launch('admin', [{ uuid: id, fixed_ip: '10.80.0.2' }])).status).toBe(202);
    });

    it('are shown and changed in the words of nova', async () => {
      await make({ cidr: '10.80.1.0/29' });
      expect((await show('10.80.1.1')).body).toMatchObject({ fixed_ip: { reserved: true } });
      expect(await outcome(show('192.0.2.1'))).toEqual([404, 'Fixed IP not found for address 192.0.2.1.']);
      expect(await outcome(show('web'))).toEqual([400, 'Fixed IP address web is invalid.']);
      expect(await outcome(act('192.0.2.1', { reserve: null }))).toEqual([404, 'Fixed IP 192.0.2.1 not found']);
      expect(await outcome(act('web', { reserve: null }))).toEqual([400, 'Fixed IP web not valid']);
      expect((await act('10.80.1.1', { unreserve: null })).status).toBe(400);
      expect((await act('10.80.1.2', { reserve: 1 })).status).toBe(400);
      expect((await act('10.80.1.2', { reserve: 'None' })).status).toBe(202);
      expect((await act('10.80.1.2', { lease: null })).status).toBe(400);
      expect((await act('10.80.1.2', { reserve: null }, 36)).status).toBe(404);
      expect((await ask(cloud.tenant(), 'GET', '/os-fixed-ips/10.80.1.2')).status).toBe(403);
    });
  });
});

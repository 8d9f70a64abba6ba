import { outcome } from '../testing/answers';
import { ComputeCloud, HOST_ID, IMAGE_ID } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

interface Shown {
  readonly id: string;
  readonly label: string;
  readonly cidr: string;
  readonly bridge: string;
  readonly vlan: number;
  readonly project_id: string | null;
}

const NONE_LEFT = [400, 'No more available networks.'];

describe('networks that are VLANs', () => {
  let cloud: ComputeCloud;
  beforeEach(async () => {
    const network = { type: 'vlan', interface: 'eth1', cidr: '10.60.0.0/22', numNetworks: 3, label: 'tenants' };
    const hosts = [{ hostId: HOST_ID, name: 'node1' }];
    cloud = await ComputeCloud.start({}, { cloud: { hosts, network } });
  });
  afterEach(() => cloud.close());

  const ask = (who: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) =>
    cloud.ask(who, method, path, body, microversion(1));
  const post = (network: object) => ask('admin', 'POST', '/os-networks', { network });
  const act = (id: string, action: string) => ask('admin', 'POST', `/os-networks/${id}/action`, { [action]: null });
  const launch = (who: string, more: object = {}) =>
    ask(who, 'POST', '/servers', { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, ...more } });
  const seenBy = async (who: string): Promise<readonly Shown[]> =>
    ((await ask(who, 'GET', '/os-networks')).body as { networks: Shown[] }).networks;
  const vlansOf = async (who: string): Promise<readonly number[]> =>
    (await seenBy('admin')).filter((one) => one.project_id === `p-${who}`).map(({ vlan }) => vlan);
  const labelsOf = async (who: string, id: string): Promise<readonly string[]> => {
    const { body } = await ask(who, 'GET', `/servers/${id}/ips`);
    return Object.keys((body as { addresses: object }).addresses);
  };

  it('are made at the first start, one for each project to come, with the ids that follow the first [guide 66,68]', async () => {
    const shown = await seenBy('admin');
    expect(shown.map(({ label, vlan, bridge, cidr, project_id }) => [label, vlan, bridge, cidr, project_id])).toEqual(
      [0, 1, 2].map((i) => [`tenants_${String(i)}`, 100 + i, `br${String(100 + i)}`, `10.60.${String(i)}.0/24`, null]),
    );
    expect(shown[0]).toMatchObject({
      bridge_interface: 'eth1',
      vpn_private_address: '10.60.0.2',
      dhcp_start: '10.60.0.3',
    });
  });

  it('come to a project with its first server, one each, and are seen by no other [guide 81]', async () => {
    const [one, other] = [cloud.tenant(), cloud.tenant()];
    expect(await seenBy(one)).toEqual([]);
    const [first, second] = [await cloud.active(one), await cloud.active(one)];
    const third = await cloud.active(other);
    const [ours, theirs] = [await labelsOf(one, first), await labelsOf(other, third)];
    expect([ours.length, theirs.length, ours[0] === theirs[0]]).toEqual([1, 1, false]);
    expect(await labelsOf(one, second)).toEqual(ours);
    expect((await seenBy(one)).map(({ label }) => label)).toEqual(ours);
    const [theirNetwork] = await seenBy(other);
    const id = theirNetwork?.id ?? '';
    expect(await outcome(launch(one, { networks: [{ uuid: id }] }))).toEqual([
      400,
      `Network ${id} could not be found.`,
    ]);
  });

  it('are one for servers of a project that are asked for at once [guide 81]', async () => {
    const tenants = [cloud.tenant(), cloud.tenant()];
    const asked = [...tenants, ...tenants, ...tenants].map((who) => launch(who));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 202));
    const vlans = await Promise.all(tenants.map(vlansOf));
    expect(vlans.map((ids) => ids.length)).toEqual([1, 1]);
    expect(new Set(vlans.flat()).size).toBe(2);
  });

  it('are refused to the project for which none is left, until one is given back [guide 113]', async () => {
    const tenants = [1, 2, 3].map(() => cloud.tenant());
    for (const who of tenants) expect((await launch(who)).status).toBe(202);
    const late = cloud.tenant();
    expect(await outcome(launch(late))).toEqual(NONE_LEFT);
    const before = await vlansOf(tenants[0] ?? '');
    const [network] = (await seenBy('admin')).filter(({ vlan }) => before.includes(vlan));
    expect((await act(network?.id ?? '', 'disassociate_project')).status).toBe(202);
    expect((await launch(late)).status).toBe(202);
    expect(await vlansOf(late)).toEqual(before);
    expect(await outcome(launch(tenants[0] ?? ''))).toEqual(NONE_LEFT);
  });

  it('come back to the project that had them while no other has taken them', async () => {
    const who = cloud.tenant();
    await launch(who);
    const vlans = await vlansOf(who);
    const [network] = (await seenBy('admin')).filter(({ vlan }) => vlans.includes(vlan));
    await act(network?.id ?? '', 'disassociate');
    await launch(who);
    expect(await vlansOf(who)).toEqual(vlans);
  });

  it('have ids of their own, which those that are deleted give back', async () => {
    const made = async (network: object): Promise<Shown> => ((await post(network)).body as { network: Shown }).network;
    expect(await made({ label: 'next', cidr: '10.61.0.0/24' })).toMatchObject({ vlan: 103, bridge: 'br103' });
    expect(await made({ label: 'from', cidr: '10.61.1.0/24', vlan_start: '102' })).toMatchObject({ vlan: 104 });
    const chosen = { label: 'that', cidr: '10.61.2.0/24', vlan: 200, bridge_interface: 'eth2' };
    const { id, ...shown } = await made(chosen);
    expect(shown).toMatchObject({ vlan: 200, bridge: 'br200', bridge_interface: 'eth2' });
    const again = { ...chosen, cidr: '10.61.3.0/24' };
    expect(await outcome(post(again))).toEqual([409, 'Detected existing vlan with id 200']);
    expect((await ask('admin', 'DELETE', `/os-networks/${id}`)).status).toBe(202);
    expect(await made(again)).toMatchObject({ vlan: 200 });
  });

  it.each([
    [{ vlan: 4_095 }, 400, /^The vlan number cannot be greater than 4094$/],
    [{ vlan: 0 }, 400, /^The vlan number cannot be less than 1$/],
    [
      { cidr: '10.60.1.128/25' },
      409,
      /^Requested cidr \(10.60.1.128.25\) conflicts with existing cidr \(10.60.1.0.24\)$/,
    ],
    [{ bridge_interface: 'a b' }, 400, /is no name of an interface/],
  ])('are refused in the words of nova, and take no id then: %j', async (more, status, why) => {
    const [answered, message] = await outcome(post({ label: 'no', cidr: '10.62.0.0/24', ...more }));
    expect([answered, message]).toEqual([status, expect.stringMatching(why)]);
    const next = await post({ label: 'next', cidr: '10.62.0.0/24' });
    expect(next.body).toMatchObject({ network: { vlan: 103 } });
  });

  it('are given to the first network of a tenant too', async () => {
    const network = { label: 'own', cidr: '10.63.0.0/24', num_networks: 2, network_size: 128 };
    expect((await ask('admin', 'POST', '/os-tenant-networks', { network })).status).toBe(200);
    expect(await vlansOf('admin')).toEqual([103, 104]);
  });
});

import { addressClaimId, type Instance, streamRef } from '@cairn/domain';
import { ComputeCloud, type Reply } from '../testing/compute-cloud';
import { outcome, shownServer } from '../testing/answers';
import { microversion } from '../testing/microversion';
import { withCloud } from '../testing/with-cloud';

interface Attachment {
  readonly net_id: string;
  readonly port_id: string;
  readonly mac_addr: string;
  readonly fixed_ips: readonly { readonly ip_address: string }[];
  readonly tag?: string | null;
}

type AddressList = Readonly<Record<string, readonly { readonly addr: string }[]>>;

describe('the interfaces of a server', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let first: string;
  let second: string;
  let server: string;

  withCloud(
    async (started, tenant) => {
      [cloud, demo] = [started, tenant];
      server = await cloud.active(demo, { networks: [{ uuid: first }] });
    },
    async (started) => {
      const wanted = { label: 'storage', cidr: '10.7.0.0/29', gateway: '10.7.0.1', allowed_end: '10.7.0.5' };
      const { body } = await started.ask('admin', 'POST', '/os-networks', { network: wanted });
      second = (body as { network: { id: string } }).network.id;
      await started.caughtUp();
      const made = (await started.ask('admin', 'GET', '/os-networks')).body as { networks: { id: string }[] };
      first = made.networks.find(({ id }) => id !== second)?.id ?? '';
    },
  );

  const stateOf = (): Promise<Instance> => cloud.core.executor.latest(streamRef('instance', server));

  const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, minor = 1): Promise<Reply> =>
    cloud.ask(demo, method, `/servers/${server}${path}`, body, microversion(minor));

  /** What networks and host do once somebody has asked. @param failure of the host, which then undoes it */
  async function hostActs(failure?: { readonly code: string; readonly message: string }): Promise<void> {
    await cloud.operating(server);
    return failure === undefined ? cloud.finishOperation(server, 'running') : cloud.failOperation(server, failure);
  }

  async function attached(interfaceAttachment: object, minor = 1): Promise<Attachment> {
    const [reply] = await Promise.all([ask('POST', '/os-interface', { interfaceAttachment }, minor), hostActs()]);
    expect(reply.status).toBe(200);
    return (reply.body as { interfaceAttachment: Attachment }).interfaceAttachment;
  }

  const listed = async (minor = 1): Promise<readonly Attachment[]> =>
    ((await ask('GET', '/os-interface', undefined, minor)).body as { interfaceAttachments: Attachment[] })
      .interfaceAttachments;

  const addresses = async (): Promise<AddressList> =>
    (await shownServer(cloud, demo, server))['addresses'] as AddressList;

  it('come while it runs, in a network, at an address and with a tag that is asked for', async () => {
    const made = await attached({ net_id: second, fixed_ips: [{ ip_address: '10.7.0.4' }], tag: 'data' }, 70);
    expect(made).toMatchObject({ net_id: second, fixed_ips: [{ ip_address: '10.7.0.4' }], tag: 'data' });
    expect(await listed(70)).toMatchObject([{ net_id: first, tag: null }, made]);
    expect((await ask('GET', `/os-interface/${made.port_id}`)).body).toMatchObject({
      interfaceAttachment: { port_id: made.port_id, port_state: 'ACTIVE' },
    });
    expect((await addresses())['storage']).toMatchObject([{ addr: '10.7.0.4' }]);
    const { body } = await ask('GET', '/os-instance-actions');
    expect(body).toMatchObject({ instanceActions: [{ action: 'attach_interface' }, { action: 'create' }] });
    await Promise.all([ask('DELETE', `/os-interface/${made.port_id}`), hostActs()]);
  });

  it('may be several in one network, and go one by one, also the first', async () => {
    const made = await attached({ net_id: first });
    expect(await listed()).toHaveLength(2);
    const [reply] = await Promise.all([ask('DELETE', `/os-interface/${addressClaimId(server, first)}`), hostActs()]);
    expect([reply.status, reply.text]).toEqual([202, '']);
    expect(await listed()).toEqual([made]);
    expect(Object.values(await addresses()).flat()).toMatchObject([{ addr: made.fixed_ips[0]?.ip_address }]);
    expect((await ask('DELETE', `/os-interface/${addressClaimId(server, first)}`)).status).toBe(404);
    const debts = (await stateOf()).debts.map(({ kind }) => kind);
    expect(debts).toEqual(['address']);
  });

  it('come and go as fixed addresses up to 2.43', async () => {
    const act = (body: object, minor = 43): Promise<Reply> => ask('POST', '/action', body, minor);
    const [added] = await Promise.all([act({ addFixedIp: { networkId: second } }), hostActs()]);
    expect([added.status, added.text]).toEqual([202, '']);
    const [address] = (await addresses())['storage'] ?? [];
    const [removed] = await Promise.all([act({ removeFixedIp: { address: address?.addr } }), hostActs()]);
    expect(removed.status).toBe(202);
    expect(await addresses()).not.toHaveProperty('storage');
    expect(await outcome(act({ removeFixedIp: { address: '10.7.0.5' } }))).toEqual([
      400,
      `Instance ${server} does not have fixed IP '10.7.0.5'.`,
    ]);
    expect(await outcome(act({ addFixedIp: { networkId: 'nowhere' } }))).toEqual([
      404,
      'Network nowhere could not be found.',
    ]);
    expect((await act({ addFixedIp: { networkId: second } }, 44)).status).toBe(404);
  });

  it('do not come where nova refuses them', async () => {
    const other = addressClaimId(server, second);
    const refused = async (attachment: object, code: number, message: string, minor = 49): Promise<void> => {
      const reply = ask('POST', '/os-interface', { interfaceAttachment: attachment }, minor);
      expect(await outcome(reply)).toEqual([code, expect.stringContaining(message)]);
    };
    await refused({ port_id: other }, 404, `Port id ${other} could not be found.`);
    await refused({ net_id: first, port_id: other }, 400, 'Must not input both network_id and port_id');
    const fixed = [{ ip_address: '10.7.0.9' }];
    await refused({ fixed_ips: fixed }, 400, 'Must input network_id when request IP address');
    await refused({}, 400, 'More than one possible network found.');
    await refused({ net_id: other }, 404, `Network ${other} could not be found.`);
    await refused(
      { net_id: second, fixed_ips: fixed },
      400,
      `Fixed IP address (10.7.0.9) does not exist in network (${second}).`,
    );
    await refused({ net_id: second, tag: 'x' }, 400, "('tag' was unexpected)", 48);
    const taken = (await listed())[0]?.fixed_ips[0]?.ip_address;
    await refused({ net_id: first, fixed_ips: [{ ip_address: taken }] }, 409, 'is already in use on instance');
    await ask('POST', '/action', { suspend: null });
    await cloud.finishOperation(server, 'suspended');
    await refused(
      { net_id: first },
      409,
      `Cannot 'attach_interface' instance ${server} while it is in vm_state suspended`,
    );
    expect(await listed()).toHaveLength(1);
  });

  it('stay away where the network or the host fails, and the server is as before', async () => {
    const [reply] = await Promise.all([
      ask('POST', '/os-interface', { interfaceAttachment: { net_id: second } }),
      hostActs({ code: 'network.no-more-addresses', message: 'No more fixed IPs in network storage.' }),
    ]);
    expect(await outcome(reply)).toEqual([400, 'No more fixed IPs in network storage.']);
    expect(await listed()).toHaveLength(1);
    expect(await shownServer(cloud, demo, server)).toMatchObject({ status: 'ACTIVE' });
  });
});

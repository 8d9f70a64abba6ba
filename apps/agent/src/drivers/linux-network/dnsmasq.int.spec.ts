import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeWhere } from '../../../../../test/support/describe-where';

import { eventually } from '../../testing/eventually';
import {
  type LinuxHarness,
  linuxNetworkHarness,
  networkMissing,
  portOf,
  restoreForwarding,
  testNetwork,
} from '../testing/network-lab';

describeWhere(networkMissing, 'the resolver of a network', () => {
  restoreForwarding();
  let folder: string;
  let host: LinuxHarness;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-dnsmasq-'));
    const configFile = join(folder, 'dnsmasq.conf');
    await writeFile(configFile, 'address=/pinned.example/192.0.2.9\n');
    host = await linuxNetworkHarness({ dnsmasq: { nameServers: ['192.0.2.53'], configFile } });
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true });
  });

  const resolver = (m: number): Resolver => {
    const one = new Resolver({ timeout: 10_000 });
    one.setServers([testNetwork(m).gateway]);
    return one;
  };

  const answer = (asked: Promise<readonly string[]>): Promise<readonly string[] | string> =>
    asked.catch((error: unknown) => String((error as { code?: string }).code));
  const pidOf = async (): Promise<unknown> => (await host.network.tend()).map(({ pid }) => pid);

  it('knows names from elsewhere as soon as it is told, by the same process, but none of addresses of its guests', async () => {
    await host.network.ensurePort(portOf(1));
    const before = await pidOf();
    const { address } = portOf(1).nic;
    const [www, six] = ['203.0.113.7', '2001:db8::7'];
    const names = [
      { name: 'www.example.org', address: www },
      { name: 'six.example.org', address: six },
      { name: 'forged.example.org', address },
    ];
    await host.network.applyNames({ version: 1, names });
    await eventually('it has read the names', async () =>
      (await answer(resolver(1).resolve4('www.example.org'))).toString() === www ? true : undefined,
    );
    expect(await resolver(1).resolve6('six.example.org')).toEqual([six]);
    expect(await resolver(1).reverse(www)).toEqual(['www.example.org']);
    expect(await resolver(1).reverse(address)).toEqual(['vm-1.novalocal']);
    await host.network.applyNames({ version: 2, names: [{ name: 'www.example.org', address: '203.0.113.8' }] });
    await eventually('it has read them again', async () =>
      (await answer(resolver(1).resolve4('www.example.org'))).toString() === '203.0.113.8' ? true : undefined,
    );
    expect(await pidOf()).toEqual(before);
    for (const pid of before as readonly number[]) process.kill(pid, 'SIGKILL');
    await eventually(
      'it runs again',
      async () => ((await pidOf()) as unknown[]).every((pid) => pid !== null) || undefined,
    );
    expect(await resolver(1).resolve4('www.example.org')).toEqual(['203.0.113.8']);
  });

  it('answers no guest by the names of another network, nor by whom they stand for', async () => {
    await host.network.ensurePort(portOf(1));
    await host.network.ensurePort(portOf(2, 2));
    const other = portOf(2, 2).nic.address;
    expect(await resolver(2).resolve4('vm-2.novalocal')).toEqual([other]);
    expect(await answer(resolver(1).resolve4('vm-2.novalocal'))).toBe('ENOTFOUND');
    expect(await answer(resolver(2).resolve4('vm-1.novalocal'))).toBe('ENOTFOUND');
  });

  it('knows guests by name and by address, before they have asked for a lease, and as they come and go [guide 85,86]', async () => {
    await host.network.ensurePort(portOf(1));
    const { address } = portOf(1).nic;
    expect(await resolver(1).resolve4('vm-1.novalocal')).toEqual([address]);
    expect(await resolver(1).resolve4('vm-1')).toEqual([address]);
    expect(await resolver(1).reverse(address)).toEqual(['vm-1.novalocal']);
    expect(await resolver(1).resolve4('pinned.example')).toEqual(['192.0.2.9']); // as the operator's file says
    await host.network.ensurePort(portOf(2));
    expect(await eventually('it has read its hosts', () => resolver(1).resolve4('vm-2.novalocal'))).toEqual([
      portOf(2).nic.address,
    ]);
    await host.network.removePorts(portOf(1).instanceId);
    await eventually('it has read its hosts again', () =>
      resolver(1)
        .resolve4('vm-1.novalocal')
        .then(
          () => undefined,
          (error: unknown) => ((error as { code?: string }).code === 'ENOTFOUND' ? true : undefined),
        ),
    );
  });
});

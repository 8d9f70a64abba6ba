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

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Finding } from '../../ports/host-network.port';
import {
  ip,
  type LinuxHarness,
  linuxNetworkHarness,
  networkMissing,
  portOf,
  restoreForwarding,
  testNetwork,
} from '../testing/network-lab';

import { IpBatch } from './ip-batch';
import { forgetMistaken, inspectNeighbours } from './neighbours';

const ports = [portOf(1), portOf(2)];
const network = { spec: testNetwork(1), ports };
const mistaken = (): readonly Finding[] => inspectNeighbours([network]);

describeWhere(networkMissing, 'guests that this Linux host takes for others', () => {
  restoreForwarding();
  let host: LinuxHarness;
  const batch = new IpBatch();
  beforeEach(async () => {
    host = await linuxNetworkHarness();
    for (const port of ports) await host.network.ensurePort(port);
    for (const { nic } of ports)
      await ip('neighbour', 'replace', nic.address, 'lladdr', 'fa:16:3e:66:66:66', 'dev', nic.network.bridge);
    expect(mistaken()).toHaveLength(2);
  });
  afterEach(async () => {
    batch.dismiss();
    await host.close();
  });

  it('are forgotten, also those that the kernel has forgotten a moment before', async () => {
    await forgetMistaken(network, {
      remove: async (command, isThere) => {
        await ip(...command);
        await batch.remove(command, isThere);
      },
    });
    expect(mistaken()).toEqual([]);
  });

  it('are a failure where they stay', async () => {
    const refused = forgetMistaken(network, {
      remove: (command, isThere) => batch.remove([...command.slice(0, -1), 'cairntestno'], isThere),
    });
    await expect(refused).rejects.toMatchObject({ code: 'network.failed' });
    expect(mistaken()).toHaveLength(2);
  });
});

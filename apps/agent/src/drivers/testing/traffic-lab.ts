import { connect } from 'node:net';

import type { Port } from '../../ports/host-network.port';
import type { LinuxNetworkOptions } from '../linux-network/linux-host-network';

import { type Ear, type Endpoint, FakeGuest } from './fake-guest';
import { ip, type LinuxHarness, linuxNetworkHarness, restoreForwarding } from './network-lab';

/** Another machine, and this host as that one sees it. */
export const [OUTSIDE, HERE] = ['10.213.200.2', '10.213.200.1'];
export const [OUTSIDE_V6, HERE_V6] = ['fd13:0:0:c8::2', 'fd13:0:0:c8::1'];

export interface TrafficLab {
  readonly host: LinuxHarness;
  /** A guest behind a port, plugged in, with its address or (`bare`) without. */
  guest(port: Port, bare?: boolean): Promise<FakeGuest>;
  listening(guest: FakeGuest, at: Endpoint): Promise<Ear>;
}

/** For each test of a `describe` a host with its guests and listeners. Nothing of them is left when the test is over. */
export function trafficLab(reach: Pick<LinuxNetworkOptions, 'closed' | 'open'> = {}): TrafficLab {
  restoreForwarding();
  let host: LinuxHarness;
  const guests: FakeGuest[] = [];
  const ears: Ear[] = [];
  beforeEach(async () => {
    host = await linuxNetworkHarness(reach);
  });
  afterEach(async () => {
    for (const ear of ears.splice(0)) ear.close();
    for (const guest of guests.splice(0)) await guest.close();
    await host.close();
    expect(await host.leftBehind()).toEqual([]);
  });
  return {
    get host() {
      return host;
    },
    async guest(port, bare = false) {
      const { tap } = await host.network.ensurePort(port);
      const { network, address } = port.nic;
      const guest = await FakeGuest.behind(tap, port, `cairntest-${network.networkId.slice(-2)}-${port.hostname}`);
      guests.push(guest);
      await host.network.ensurePort(port);
      if (!bare) await guest.configure(address, 24, network.gateway);
      return guest;
    },
    async listening(guest, at) {
      const ear = await guest.listens(at);
      ears.push(ear);
      return ear;
    },
  };
}

/** Runs the work beside another machine, which has no way back to 10.213.1.0/24, only to the host's own address. */
export async function besideAnother(work: () => Promise<void>): Promise<void> {
  await ip('netns', 'add', 'cairntest-out');
  try {
    await ip('link', 'add', 'name', 'cairntestout', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'cairntest-out');
    await ip('address', 'add', `${HERE}/30`, 'dev', 'cairntestout');
    await ip('link', 'set', 'dev', 'cairntestout', 'up');
    await ip('address', 'add', `${HERE_V6}/64`, 'dev', 'cairntestout', 'nodad');
    await ip('-n', 'cairntest-out', 'address', 'add', `${OUTSIDE}/30`, 'dev', 'eth0');
    await ip('-n', 'cairntest-out', 'link', 'set', 'dev', 'eth0', 'up');
    await ip('-n', 'cairntest-out', 'address', 'add', `${OUTSIDE_V6}/64`, 'dev', 'eth0', 'nodad');
    await work();
  } finally {
    await ip('netns', 'delete', 'cairntest-out');
  }
}

/** What a connection from the host to a port brings. */
export async function readFrom({ address, port }: Endpoint): Promise<string> {
  const socket = connect({ host: address, port, timeout: 2_000 });
  socket.once('timeout', () => socket.destroy(new Error('silence')));
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

import { connect } from 'node:net';

import type { Port } from '../../ports/host-network.port';

import { type Endpoint, FakeGuest } from './fake-guest';
import { ip, type LinuxHarness } from './network-lab';

/** Another machine, and this host as that one sees it. */
export const [OUTSIDE, HERE] = ['10.213.200.2', '10.213.200.1'];

/** A guest behind a port, plugged in, with its address or (`bare`) without. @param guests those to close at the end */
export async function pluggedGuest(
  host: LinuxHarness,
  guests: FakeGuest[],
  port: Port,
  bare = false,
): Promise<FakeGuest> {
  const { tap } = await host.network.ensurePort(port);
  const guest = await FakeGuest.behind(tap, port, `cairntest-${port.nic.network.networkId.slice(-2)}-${port.hostname}`);
  guests.push(guest);
  await host.network.ensurePort(port);
  if (!bare) await guest.configure(port.nic.address, 24, port.nic.network.gateway);
  return guest;
}

/** Runs the work beside another machine, which has no way back to 10.213.1.0/24, only to the host's own address. */
export async function besideAnother(work: () => Promise<void>): Promise<void> {
  await ip('netns', 'add', 'cairntest-out');
  try {
    await ip('link', 'add', 'name', 'cairntestout', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'cairntest-out');
    await ip('address', 'add', `${HERE}/30`, 'dev', 'cairntestout');
    await ip('link', 'set', 'dev', 'cairntestout', 'up');
    await ip('-n', 'cairntest-out', 'address', 'add', `${OUTSIDE}/30`, 'dev', 'eth0');
    await ip('-n', 'cairntest-out', 'link', 'set', 'dev', 'eth0', 'up');
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

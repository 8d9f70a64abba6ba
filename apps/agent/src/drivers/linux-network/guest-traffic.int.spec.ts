import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Port } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf } from '../../testing/specs';
import { connectionFrom, type Endpoint, type FakeGuest } from '../testing/fake-guest';
import { ip, networkMissing, portOf, TEST_METADATA_PORT } from '../testing/network-lab';
import { besideAnother, HERE, OUTSIDE, readFrom, trafficLab } from '../testing/traffic-lab';

/** Nobody listens there: who gets so far is refused. */
const STORE: Endpoint = { address: OUTSIDE, port: 7_001 };
const OPENED: Endpoint = { address: OUTSIDE, port: 7_002 };
const OPENED_HERE: Endpoint = { address: HERE, port: 7_003 };

/** Real frames of guests in namespaces. Each rule of the ruleset was taken out once, and a test here failed. */
describeWhere(networkMissing, 'what guests can do on the network of this Linux host', () => {
  const lab = trafficLab({ closed: () => Promise.resolve([STORE, OPENED]), open: [OPENED, OPENED_HERE] });
  const guestOf = (n: number, m = 1, bare = false): Promise<FakeGuest> => lab.guest(portOf(n, m), bare);

  it('leases a guest its own address, name, MTU, router and name server', async () => {
    const guest = await guestOf(1, 1, true);
    expect(await guest.lease()).toMatchObject({
      ip: '10.213.1.2',
      subnet: '255.255.255.0',
      router: '10.213.1.1',
      dns: '10.213.1.1',
      hostname: 'vm-1',
      domain: 'novalocal',
      mtu: '1400',
    });
  });

  it('leases an address to its next owner while the lease of the first still runs', async () => {
    const first = await guestOf(1, 1, true);
    await lab.host.network.ensurePort(portOf(3)); // keeps the network
    expect(await first.lease()).toMatchObject({ ip: '10.213.1.2' });
    await lab.host.network.removePorts(instanceIdOf(1));
    const heir: Port = { ...portOf(2), nic: { ...portOf(2).nic, address: portOf(1).nic.address } };
    const second = await lab.guest(heir, true);
    expect(await second.lease()).toMatchObject({ ip: '10.213.1.2', hostname: 'vm-2' });
  });

  it('carries a guest to its gateway and to its neighbours, and over IPv4 only', async () => {
    const [one, two] = [await guestOf(1), await guestOf(2)];
    expect(await one.pings('10.213.1.1')).toBe(true);
    expect(await one.pings('10.213.1.3')).toBe(true);
    await one.inside('ip', 'address', 'add', 'fe80::a/64', 'dev', 'eth0', 'nodad');
    await two.inside('ip', 'address', 'add', 'fe80::b/64', 'dev', 'eth0', 'nodad');
    expect(await one.pings('fe80::b')).toBe(false);
  });

  it('lets a guest ask for addresses with its own only [guide 79]', async () => {
    const guest = await guestOf(1);
    await guest.inside('ip', 'address', 'add', '10.213.1.77/24', 'dev', 'eth0');
    expect(await guest.arpAnswered('10.213.1.2', '10.213.1.1')).toBe(true);
    expect(await guest.arpAnswered('10.213.1.77', '10.213.1.1')).toBe(false);
  });

  it('lets a guest send under its own addresses only, and not as a DHCP server [guide 79]', async () => {
    const [guest, other] = [await guestOf(1), await guestOf(2)];
    const { mac } = portOf(1).nic;
    const own = { address: '10.213.1.2', port: 4000 };
    const ear = await other.listens({ address: '10.213.1.3', port: 68 });
    try {
      // Spoofed ARP is dropped as well, so without a fixed neighbour these datagrams would never be sent.
      const fixOther = ['neighbour', 'replace', '10.213.1.3', 'lladdr', portOf(2).nic.mac, 'dev', 'eth0'];
      await guest.inside('ip', ...fixOther);
      await guest.inside('ip', 'address', 'add', '10.213.1.77/24', 'dev', 'eth0');
      await guest.sends('address of another', { address: '10.213.1.77', port: 4000 }, ear);
      await guest.sends('dhcp server', { ...own, port: 67 }, ear);
      await guest.wear('fa:16:3e:66:66:66');
      await guest.inside('ip', ...fixOther);
      await guest.sends('hardware address of another', own, ear);
      await guest.wear(mac);
      await guest.inside('ip', ...fixOther);
      await guest.sends('honest', own, ear);
      // All took the same way in turn: what was let through arrived before the last.
      await eventually('the honest datagram arrives', () => (ear.heard.includes('honest') ? true : undefined));
      expect(ear.heard).toEqual(['honest']);
    } finally {
      ear.close();
    }
  });

  it('leads 169.254.169.254 to the port of the metadata proxy, with the guest as the caller [guide 89]', async () => {
    const guest = await guestOf(1);
    const server = await metadataServer('10.213.1.1');
    try {
      expect(await guest.get('http://169.254.169.254/latest/')).toBe('10.213.1.2 asked /latest/');
    } finally {
      server.close();
    }
  });

  it('lets a guest reach nothing of its host but DNS, DHCP, ICMP and metadata, at whichever address', async () => {
    const guest = await guestOf(1);
    const server = await hostServer();
    const ear = await guest.listens({ address: '10.213.1.2', port: 8080 });
    await ip('link', 'add', 'name', 'cairntestout', 'type', 'bridge');
    try {
      await ip('address', 'add', '10.213.200.1/30', 'dev', 'cairntestout');
      await ip('link', 'set', 'dev', 'cairntestout', 'up');
      const { port } = server;
      expect(await readFrom({ address: '10.213.200.1', port })).toBe('hello from the host');
      for (const address of ['10.213.1.1', '10.213.200.1'])
        expect([address, await guest.connects({ address, port })]).toEqual([address, 'silence']);
      expect(await guest.connects({ address: '10.213.1.1', port: 53 })).toBe('connected');
      expect(await guest.resolvesAt('10.213.1.1')).toBe('answer');
      // what the host begins is answered
      expect(await readFrom(ear)).toBe('hello from the guest');
    } finally {
      await ip('link', 'delete', 'dev', 'cairntestout');
      ear.close();
      server.close();
    }
  });

  it('lets nobody on its bridge reach the host by IPv6', async () => {
    await guestOf(1);
    const { bridge } = portOf(1).nic.network;
    const server = await hostServer();
    const there = { address: 'fe80::1%eth0', port: server.port };
    await ip('netns', 'add', 'cairntest-v6');
    try {
      await ip('link', 'add', 'name', 'cairntestv6', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'cairntest-v6');
      const inside = (...args: readonly string[]): Promise<string> => ip('-n', 'cairntest-v6', ...args);
      writeFileSync(`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, '0');
      await ip('address', 'add', 'fe80::1/64', 'dev', bridge, 'nodad');
      await inside('address', 'add', 'fe80::2/64', 'dev', 'eth0', 'nodad');
      await inside('link', 'set', 'dev', 'eth0', 'up');
      await ip('link', 'set', 'dev', 'cairntestv6', 'up');
      await ip('address', 'add', 'fe80::1/64', 'dev', 'cairntestv6', 'nodad');
      expect(await connectionFrom('cairntest-v6', there)).toBe('connected'); // beside the bridge, to see that it can be
      await ip('address', 'delete', 'fe80::1/64', 'dev', 'cairntestv6');
      await ip('link', 'set', 'dev', 'cairntestv6', 'master', bridge);
      await inside('neighbour', 'flush', 'dev', 'eth0');
      expect(await connectionFrom('cairntest-v6', there)).toBe('silence');
    } finally {
      // by itself: with its namespace, the kernel removes it some time later
      await ip('link', 'delete', 'cairntestv6');
      await ip('netns', 'delete', 'cairntest-v6');
      server.close();
    }
  });

  it('keeps networks apart, gateways included', async () => {
    const one = await guestOf(1, 1);
    await guestOf(2, 2);
    expect(await one.pings('10.213.1.1')).toBe(true);
    expect(await one.pings('10.213.2.1')).toBe(false);
    expect(await one.pings('10.213.2.3')).toBe(false);
  });

  it('takes guests to the outside under the address of the host', async () => {
    const guest = await guestOf(1);
    await besideAnother(async () => {
      expect(await guest.pings(OUTSIDE)).toBe(true);
    });
  });

  it('keeps guests from services elsewhere that believe the host, but for what is opened to them', async () => {
    const guest = await guestOf(1);
    await besideAnother(async () => {
      const tried = async (to: Endpoint): Promise<readonly unknown[]> => [to, await guest.connects(to)];
      const other = (address: string): Endpoint => ({ address, port: 7_000 });
      expect(await tried(other(OUTSIDE))).toEqual([other(OUTSIDE), 'refused']); // it got there
      expect(await tried(STORE)).toEqual([STORE, 'silence']);
      expect(await tried(OPENED)).toEqual([OPENED, 'refused']);
      expect(await tried(other(HERE))).toEqual([other(HERE), 'silence']);
      expect(await tried(OPENED_HERE)).toEqual([OPENED_HERE, 'refused']);
    });
  });
});

/** Listens by TCP at every address of the host. */
async function hostServer(): Promise<{ readonly port: number; close(): void }> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined); // a guest may go without a word
    socket.end('hello from the host');
  });
  await once(server.listen(0, '::'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

async function metadataServer(address: string): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(`${request.socket.remoteAddress ?? ''} asked ${request.url ?? ''}`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(TEST_METADATA_PORT, address, resolve);
  });
  return server;
}

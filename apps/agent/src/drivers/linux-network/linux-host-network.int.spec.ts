import { createSocket } from 'node:dgram';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import type { NetworkSpec } from '@cairn/host-protocol';

import { hostNetworkContract, type HostNetworkHarness } from '../../ports/host-network.contract';
import type { Port } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';
import { runCommand } from '../host-command';
import { argumentsOf, pidsWithArgument, readPidFile } from '../process-table';
import { type Endpoint, FakeGuest } from '../testing/fake-guest';
import { describeWhere, missingHere, openDirectory } from '../testing/host-lab';

import { LinuxHostNetwork } from './linux-host-network';
import { bridgeMac, tapAlias, tapName } from './names';

const TABLE = 'cairn_test';
const METADATA_PORT = 18_776;
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';
const missing = missingHere('ip', 'nft', 'dnsmasq', 'busybox');

const ip = (...args: readonly string[]): Promise<string> => runCommand('ip', args);

/** Networks that nobody else on this machine has. */
const testNetwork = (n: number): NetworkSpec => {
  const block = `10.213.${String(n)}`;
  return networkOf(n, { bridge: `cairntest${String(n)}`, cidr: `${block}.0/24`, gateway: `${block}.1`, mtu: 1400 });
};

const portOf = (n: number, m = 1): Port => ({
  instanceId: instanceIdOf(n),
  hostname: `vm-${String(n)}`,
  index: 0,
  nic: nicOf(n, testNetwork(m)),
});

interface LinuxHarness extends HostNetworkHarness {
  readonly network: LinuxHostNetwork;
  readonly directory: string;
}

async function harness(): Promise<LinuxHarness> {
  const directory = await openDirectory('cairn-network-');
  const open = (): LinuxHostNetwork => new LinuxHostNetwork({ directory, table: TABLE, metadataPort: METADATA_PORT });
  const network = open();
  return {
    network,
    directory,
    networkSpec: testNetwork,
    taps: async () => {
      const links = JSON.parse(await ip('-json', 'link', 'show')) as readonly { ifname: string; ifalias?: string }[];
      const aliases = new Set([1, 2, 3].map((n) => tapAlias(testNetwork(n).networkId)));
      return links.filter(({ ifalias }) => aliases.has(ifalias ?? '')).map(({ ifname }) => ifname);
    },
    reopen: () => Promise.resolve(open()),
    close: async () => {
      await network.down();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

describeWhere(missing, 'the network of this Linux host', () => {
  let forwarding: string;
  beforeAll(async () => {
    forwarding = await readFile(IP_FORWARD, 'utf8');
  });
  afterAll(() => writeFile(IP_FORWARD, forwarding));

  hostNetworkContract('linux-network', harness);

  describe('beyond the contract', () => {
    let host: LinuxHarness;
    const guests: FakeGuest[] = [];
    beforeEach(async () => {
      host = await harness();
    });
    afterEach(async () => {
      for (const guest of guests.splice(0)) await guest.close();
      await host.close();
      expect(await leftBehind(host.directory)).toEqual([]);
    });

    /** The n-th guest on the m-th network, plugged in, with its address or (`bare`) without. */
    async function guestOf(n: number, m = 1, bare = false): Promise<FakeGuest> {
      const port = portOf(n, m);
      const { tap } = await host.network.ensurePort(port);
      const guest = await FakeGuest.behind(tap, port, `cairntest-${String(m)}-${String(n)}`);
      guests.push(guest);
      await host.network.ensurePort(port);
      if (!bare) await guest.configure(port.nic.address, 24, port.nic.network.gateway);
      return guest;
    }

    const dnsmasqPid = async (m = 1): Promise<number | null> =>
      readPidFile(join(host.directory, 'networks', testNetwork(m).networkId, 'dnsmasq.pid'));

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
      await host.network.ensurePort(portOf(3)); // keeps the network
      expect(await first.lease()).toMatchObject({ ip: '10.213.1.2' });
      await host.network.removePorts(instanceIdOf(1));
      const heir: Port = { ...portOf(2), nic: { ...portOf(2).nic, address: portOf(1).nic.address } };
      const { tap } = await host.network.ensurePort(heir);
      const second = await FakeGuest.behind(tap, heir, 'cairntest-heir');
      guests.push(second);
      await host.network.ensurePort(heir);
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

    it('lets a guest ask for addresses with its own only', async () => {
      const guest = await guestOf(1);
      await guest.inside('ip', 'address', 'add', '10.213.1.77/24', 'dev', 'eth0');
      expect(await guest.arpAnswered('10.213.1.2', '10.213.1.1')).toBe(true);
      expect(await guest.arpAnswered('10.213.1.77', '10.213.1.1')).toBe(false);
    });

    it('lets a guest send under its own addresses only, and not as a DHCP server', async () => {
      const guest = await guestOf(1);
      const { mac, network } = portOf(1).nic;
      const own = { address: '10.213.1.2', port: 4000 };
      const ear = await listenOn({ address: '10.213.1.1', port: 68 });
      try {
        // Spoofed ARP is dropped as well, so without a fixed neighbour these datagrams would never be sent.
        const fixGateway = [
          'neighbour',
          'replace',
          '10.213.1.1',
          'lladdr',
          bridgeMac(network.networkId),
          'dev',
          'eth0',
        ];
        await guest.inside('ip', ...fixGateway);
        await guest.inside('ip', 'address', 'add', '10.213.1.77/24', 'dev', 'eth0');
        await guest.sends('address of another', { address: '10.213.1.77', port: 4000 }, ear);
        await guest.sends('dhcp server', { ...own, port: 67 }, ear);
        await guest.wear('fa:16:3e:66:66:66');
        await guest.inside('ip', ...fixGateway);
        await guest.sends('hardware address of another', own, ear);
        await guest.wear(mac);
        await guest.inside('ip', ...fixGateway);
        await guest.sends('honest', own, ear);
        // All took the same way in turn: what was let through arrived before the last.
        await eventually('the honest datagram arrives', () => (ear.heard.includes('honest') ? true : undefined));
        expect(ear.heard).toEqual(['honest']);
      } finally {
        ear.close();
      }
    });

    it('leads 169.254.169.254 to the port of the metadata proxy, with the guest as the caller', async () => {
      const guest = await guestOf(1);
      const server = await metadataServer('10.213.1.1');
      try {
        expect(await guest.get('http://169.254.169.254/latest/')).toBe('10.213.1.2 asked /latest/');
      } finally {
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
      await ip('netns', 'add', 'cairntest-out');
      try {
        await ip(
          'link',
          'add',
          'name',
          'cairntestout',
          'type',
          'veth',
          'peer',
          'name',
          'eth0',
          'netns',
          'cairntest-out',
        );
        await ip('address', 'add', '10.213.200.1/30', 'dev', 'cairntestout');
        await ip('link', 'set', 'dev', 'cairntestout', 'up');
        await ip('-n', 'cairntest-out', 'address', 'add', '10.213.200.2/30', 'dev', 'eth0');
        await ip('-n', 'cairntest-out', 'link', 'set', 'dev', 'eth0', 'up');
        // The outside has no way back to 10.213.1.0/24: only an answer to the host's own address arrives.
        expect(await guest.pings('10.213.200.2')).toBe(true);
      } finally {
        await ip('netns', 'delete', 'cairntest-out');
      }
    });

    it('starts dnsmasq again that died, and is not misled by its pid file', async () => {
      await host.network.ensurePort(portOf(1));
      const first = (await dnsmasqPid()) ?? 0;
      process.kill(first, 'SIGKILL');
      await eventually('dnsmasq has ended', async () => ((await argumentsOf(first)) === null ? true : undefined));
      const pidFile = join(host.directory, 'networks', testNetwork(1).networkId, 'dnsmasq.pid');
      await writeFile(pidFile, String(process.pid)); // as if the pid had been given to somebody else
      await host.network.ensurePort(portOf(1));
      expect(await argumentsOf((await dnsmasqPid()) ?? 0)).toContain(`--pid-file=${pidFile}`);
      const second = await dnsmasqPid();
      await host.network.ensurePort(portOf(2));
      expect(await dnsmasqPid()).toBe(second);
    });

    it('starts dnsmasq anew with other options', async () => {
      await host.network.ensurePort(portOf(1));
      const before = await dnsmasqPid();
      const changed: Port = { ...portOf(1), nic: nicOf(1, { ...testNetwork(1), dns: ['192.0.2.53'] }) };
      await host.network.ensurePort(changed);
      expect(await dnsmasqPid()).not.toBe(before);
      expect(await argumentsOf((await dnsmasqPid()) ?? 0)).toContain('--dhcp-option=option:dns-server,192.0.2.53');
    });

    it('makes everything again after the host lost it, with the first port that is asked for', async () => {
      await host.network.ensurePort(portOf(1));
      await host.network.ensurePort(portOf(2, 2));
      // A restart of the machine: nothing is left but the files.
      for (const m of [1, 2]) {
        process.kill((await dnsmasqPid(m)) ?? 0, 'SIGKILL');
        await ip('link', 'delete', 'dev', testNetwork(m).bridge);
        await ip('link', 'delete', 'dev', tapName(instanceIdOf(m), 0));
      }
      await runCommand('nft', ['-f', '-'], { input: `delete table ip ${TABLE}\ndelete table bridge ${TABLE}\n` });
      const restarted = await host.reopen();
      expect(await restarted.networks()).toEqual([]);
      await restarted.ensurePort(portOf(1));
      expect(await restarted.networks()).toEqual([testNetwork(1), testNetwork(2)]);
      expect([...(await host.taps())].sort()).toEqual([1, 2].map((n) => tapName(instanceIdOf(n), 0)).sort());
    });

    it('refuses a network whose addresses the host has elsewhere, and leaves nothing of it', async () => {
      await ip('link', 'add', 'name', 'cairntestveth', 'type', 'veth', 'peer', 'name', 'cairntestpeer');
      try {
        await ip('address', 'add', '10.213.3.9/28', 'dev', 'cairntestveth');
        await ip('link', 'set', 'dev', 'cairntestveth', 'up');
        await host.network.ensurePort(portOf(1));
        await expect(host.network.ensurePort(portOf(2, 3))).rejects.toMatchObject({
          code: 'network.failed',
          message: expect.stringMatching(/10\.213\.3\.0\/24 .*overlaps 10\.213\.3\.\S+, routed to cairntestveth/),
        });
        expect(await host.network.networks()).toEqual([testNetwork(1)]);
        expect(await readdir(join(host.directory, 'ports'))).toHaveLength(1);
      } finally {
        await ip('link', 'delete', 'dev', 'cairntestveth');
      }
    });

    it('refuses a bridge that is not its own', async () => {
      await ip('link', 'add', 'name', testNetwork(1).bridge, 'type', 'bridge');
      try {
        await expect(host.network.ensurePort(portOf(1))).rejects.toThrow(
          /cairntest1 exists on this host and was not made/,
        );
      } finally {
        await ip('link', 'delete', 'dev', testNetwork(1).bridge);
      }
    });

    it('leaves tables of others alone', async () => {
      const foreign = `${TABLE}_foreign`;
      await runCommand('nft', ['add', 'table', 'ip', foreign]);
      try {
        await host.network.ensurePort(portOf(1));
        await host.network.removePorts(instanceIdOf(1));
        await host.network.down();
        const tables = await runCommand('nft', ['list', 'tables']);
        expect(tables).toContain(`table ip ${foreign}`);
        expect(tables).not.toMatch(new RegExp(`table (ip|bridge) ${TABLE}$`, 'm'));
      } finally {
        await runCommand('nft', ['delete', 'table', 'ip', foreign]);
      }
    });

    it('says which directory is closed to dnsmasq', async () => {
      await runCommand('chmod', ['0700', host.directory]);
      await expect(host.network.ensurePort(portOf(1))).rejects.toThrow(`other users may not enter ${host.directory}`);
      expect(await host.network.networks()).toEqual([]);
    });
  });
});

interface Ear extends Endpoint {
  readonly heard: readonly string[];
  close(): void;
}

/** Hears every datagram to a port of the host. */
async function listenOn({ address, port }: Endpoint): Promise<Ear> {
  const heard: string[] = [];
  const socket = createSocket('udp4').on('message', (message) => heard.push(message.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(port, address, resolve);
  });
  return { address, port, heard, close: () => socket.close() };
}

async function metadataServer(address: string): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(`${request.socket.remoteAddress ?? ''} asked ${request.url ?? ''}`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(METADATA_PORT, address, resolve);
  });
  return server;
}

/** What a closed driver still has on the host: interfaces, tables, servers. */
async function leftBehind(directory: string): Promise<readonly string[]> {
  const links = (JSON.parse(await ip('-json', 'link', 'show')) as readonly { ifname: string; ifalias?: string }[])
    .filter(({ ifname, ifalias }) => ifname.startsWith('cairntest') || ifalias === tapAlias(testNetwork(1).networkId))
    .map(({ ifname }) => ifname);
  const tables = (await runCommand('nft', ['list', 'tables'])).split('\n').filter((line) => line.endsWith(` ${TABLE}`));
  const pidFile = join(directory, 'networks', testNetwork(1).networkId, 'dnsmasq.pid');
  const servers = (await pidsWithArgument(`--pid-file=${pidFile}`)).map((pid) => `dnsmasq ${String(pid)}`);
  return [...links, ...tables, ...servers];
}

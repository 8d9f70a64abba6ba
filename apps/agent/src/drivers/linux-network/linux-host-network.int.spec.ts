import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWhere } from '../../../../../test/support/describe-where';

import { hostGatewayContract } from '../../ports/host-gateways.contract';
import { hostNetworkContract } from '../../ports/host-network.contract';
import type { FloatingIp, Port } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { instanceIdOf, nicOf } from '../../testing/specs';
import { runCommand } from '../host-command';
import { argumentsOf, hasEnded, readPidFile } from '../process-table';
import {
  ip,
  type LinuxHarness,
  linuxNetworkHarness,
  networkMissing,
  portOf,
  restoreForwarding,
  TEST_TABLE,
  testNetwork,
} from '../testing/network-lab';

import { tapName } from './names';

describeWhere(networkMissing, 'the network of this Linux host', () => {
  restoreForwarding();
  hostNetworkContract('linux-network', linuxNetworkHarness);
  hostGatewayContract('linux-network', linuxNetworkHarness);

  describe('beyond the contract', () => {
    let host: LinuxHarness;
    beforeEach(async () => {
      host = await linuxNetworkHarness();
    });
    afterEach(async () => {
      await host.close();
      expect(await host.leftBehind()).toEqual([]);
    });

    const dnsmasqPid = async (m = 1): Promise<number | null> =>
      readPidFile(join(host.directory, 'networks', testNetwork(m).networkId, 'dnsmasq.pid'));

    it('starts dnsmasq again that died, and is not misled by its pid file', async () => {
      await host.network.ensurePort(portOf(1));
      const first = (await dnsmasqPid()) ?? 0;
      process.kill(first, 'SIGKILL');
      await eventually('dnsmasq has ended', async () => ((await hasEnded(first)) ? true : undefined));
      const pidFile = join(host.directory, 'networks', testNetwork(1).networkId, 'dnsmasq.pid');
      await writeFile(pidFile, String(process.pid)); // as if the pid had been given to somebody else
      await host.network.ensurePort(portOf(1));
      expect(await argumentsOf((await dnsmasqPid()) ?? 0)).toContain(`--pid-file=${pidFile}`);
      const second = await dnsmasqPid();
      await host.network.ensurePort(portOf(2));
      expect(await dnsmasqPid()).toBe(second);
    });

    it('starts dnsmasq again that died when somebody looks after it, of each network that is there', async () => {
      expect(await host.network.tend()).toEqual([]);
      for (const m of [1, 2]) await host.network.ensurePort(portOf(m, m));
      const pids = [await dnsmasqPid(1), await dnsmasqPid(2)];
      const name = (m: number): string => `dnsmasq of ${testNetwork(m).label} (cairntest${String(m)})`;
      expect(await host.network.tend()).toEqual([
        { name: name(1), pid: pids[0] },
        { name: name(2), pid: pids[1] },
      ]);
      process.kill(pids[1] ?? 0, 'SIGKILL');
      await eventually('dnsmasq has ended', async () => ((await hasEnded(pids[1] ?? 0)) ? true : undefined));
      expect(await host.network.tend()).toMatchObject([{ pid: pids[0] }, { pid: null }]);
      const again = await dnsmasqPid(2);
      expect(again).not.toBe(pids[1]);
      expect(await host.network.tend()).toMatchObject([{ pid: pids[0] }, { pid: again }]);
    });

    it('looks after the dnsmasq of each network, also where that of another cannot be started', async () => {
      for (const m of [1, 2]) await host.network.ensurePort(portOf(m, m));
      const hosts = join(host.directory, 'networks', testNetwork(1).networkId, 'dhcp-hosts');
      await rm(hosts);
      await mkdir(hosts); // in the place of the file
      for (const m of [1, 2]) {
        const pid = (await dnsmasqPid(m)) ?? 0;
        process.kill(pid, 'SIGKILL');
        await eventually('dnsmasq has ended', async () => ((await hasEnded(pid)) ? true : undefined));
      }
      expect(await host.network.tend()).toMatchObject([{ pid: null }, { pid: null }]);
      const second = await dnsmasqPid(2);
      expect(await host.network.tend()).toMatchObject([{ pid: null }, { pid: second }]);
      await rmdir(hosts);
      await host.network.tend();
      expect(await host.network.tend()).toMatchObject([{ pid: await dnsmasqPid(1) }, { pid: second }]);
    });

    it('restarts dnsmasq with other options', async () => {
      await host.network.ensurePort(portOf(1));
      const before = await dnsmasqPid();
      const changed: Port = { ...portOf(1), nic: nicOf(1, { ...testNetwork(1), dns: ['192.0.2.53'] }) };
      await host.network.ensurePort(changed);
      expect(await dnsmasqPid()).not.toBe(before);
      expect(await argumentsOf((await dnsmasqPid()) ?? 0)).toContain('--dhcp-option=option:dns-server,192.0.2.53');
    });

    it('answers by names that it is told again where it could not the first time', async () => {
      await host.network.ensurePort(portOf(1));
      const file = join(host.directory, 'networks', testNetwork(1).networkId, 'dns-names');
      await rm(file);
      await mkdir(file); // in the place of the file
      const told = { version: 1, names: [{ name: 'www.example.org', address: '203.0.113.9' }] };
      await expect(host.network.applyNames(told)).rejects.toThrow('EISDIR');
      await rmdir(file);
      await host.network.applyNames(told);
      expect(await readFile(file, 'utf8')).toContain('203.0.113.9 www.example.org\n');
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
      await runCommand('nft', ['-f', '-'], {
        input: ['ip', 'ip6', 'bridge'].map((family) => `delete table ${family} ${TEST_TABLE}\n`).join(''),
      });
      const restarted = await host.reopen();
      expect(await restarted.networks()).toEqual([]);
      await restarted.ensurePort(portOf(1));
      expect(await restarted.networks()).toEqual([testNetwork(1), testNetwork(2)]);
      expect([...(await host.taps())].sort()).toEqual([1, 2].map((n) => tapName(instanceIdOf(n), 0)).sort());
    });

    it('answers for an address that leads to its port by another floating IP, though the one before is not gone yet', async () => {
      await host.network.ensurePort(portOf(1));
      const floating = (k: number): FloatingIp => ({
        id: instanceIdOf(k),
        address: '203.0.113.1',
        interface: host.outside,
        instanceId: instanceIdOf(1),
        networkId: testNetwork(1).networkId,
        fixedAddress: portOf(1).nic.address,
      });
      await host.network.ensureFloatingIp(floating(101));
      const kept = join(host.directory, 'floating');
      const before = join(kept, `${instanceIdOf(102)}.json`); // of an agent that was killed before it was done with it
      await writeFile(before, JSON.stringify({ ...floating(102), device: host.outside, leaving: true }));
      await (await host.reopen()).ensurePort(portOf(1));
      expect([...(await host.floating())]).toEqual([['203.0.113.1', portOf(1).nic.address]]);
      expect(await readdir(kept)).toEqual([`${instanceIdOf(101)}.json`]);
    });

    it('refuses a network whose addresses the host has elsewhere, and leaves nothing of it', async () => {
      await ip('link', 'add', 'name', 'cairntestveth', 'type', 'veth', 'peer', 'name', 'cairntestpeer');
      try {
        await ip('address', 'add', '10.213.3.9/28', 'dev', 'cairntestveth');
        await ip('link', 'set', 'dev', 'cairntestveth', 'up');
        await host.network.ensurePort(portOf(1));
        const refused = host.network.ensurePort(portOf(2, 3));
        await expect(refused).rejects.toMatchObject({ code: 'network.failed' });
        await expect(refused).rejects.toThrow(/10\.213\.3\.0\/24 .*overlaps 10\.213\.3\.\S+, routed to cairntestveth/);
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
      const foreign = `${TEST_TABLE}_foreign`;
      await runCommand('nft', ['add', 'table', 'ip', foreign]);
      try {
        await host.network.ensurePort(portOf(1));
        await host.network.removePorts(instanceIdOf(1));
        await host.network.down();
        const tables = await runCommand('nft', ['list', 'tables']);
        expect(tables).toContain(`table ip ${foreign}`);
        expect(tables).not.toMatch(new RegExp(`table (ip|ip6|bridge) ${TEST_TABLE}$`, 'm'));
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

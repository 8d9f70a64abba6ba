import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '@cairn/config';

import { parseConfig, readConfig, readSecret } from './config';
import { temporaryFolder } from './testing/temporary-folder';

const host = { hostId: '40570000-0000-4000-8000-000000000001', name: 'node-1', tokenFile: 'tokens/node-1' };
const least = { stateDir: 'agent', hosts: [host] };

const enrolled = {
  ...least,
  controllerUrl: 'https://10.0.0.1:8780',
  redisUrl: 'rediss://10.0.0.1:6390',
  redisUser: 'agent-1',
  eventStoreUrl: 'esdb://10.0.0.1:2113?tls=true',
  eventStoreLogin: { user: 'agent-1', passwordFile: 'eventstore.password' },
  tls: { authorityFile: 'ca.pem', certificateFile: 'host.pem', keyFile: 'host.key' },
};
const elsewhere = (field: string): string =>
  `${field} is on another machine: this host must be enrolled first ` +
  '(./cairn host enroll NAME on the controller, ./cairn host join here).';

describe('parseConfig', () => {
  it('goes to another machine with all that an enrolled host has', () => {
    expect(parseConfig(enrolled, '/var/lib/cairn/host')).toMatchObject({
      eventStoreLogin: { user: 'agent-1', passwordFile: '/var/lib/cairn/host/eventstore.password' },
      tls: { authorityFile: '/var/lib/cairn/host/ca.pem', own: { keyFile: '/var/lib/cairn/host/host.key' } },
    });
  });

  it('needs a state folder and a host, and knows the rest', () => {
    expect(parseConfig(least, '/var/lib/cairn')).toEqual({
      stateDir: '/var/lib/cairn/agent',
      hosts: [{ ...host, tokenFile: '/var/lib/cairn/tokens/node-1', hostIp: '127.0.0.1' }],
      controllerUrl: 'http://127.0.0.1:8775',
      redisUrl: 'redis://127.0.0.1:6379',
      redisUser: null,
      redisPasswordFile: null,
      eventStoreLogin: null,
      eventStoreOwners: [],
      tls: null,
      vlans: false,
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      firewallDriver: 'nftables',
      nameServers: [],
      bridgeInterface: null,
      flatInjected: false,
      dnsmasqConfigFile: null,
      driver: 'libvirt',
      simulated: { vcpus: 16, ramMb: 65_536, diskGb: 1_000, persist: true, latencyFactor: 1 },
      syncPowerStateSeconds: 60,
      handleVirtLifecycleEvents: true,
      resumeGuestsStateOnHostBoot: true,
      runningDeletedInstanceAction: 'reap',
      runningDeletedInstancePollSeconds: 1_800,
      imageCacheLimitGb: 50,
      guestsMayReach: [],
      metadataPort: 8776,
      networkCheckSeconds: 20,
    });
  });

  it.each([
    [{ ...least, stateDir: undefined }, 'stateDir is missing: it must be a text that is not empty.'],
    [{ ...least, hosts: [] }, 'hosts is []: it must be a list of at least one host.'],
    [{ ...least, hosts: [{ ...host, hostId: 'node' }] }, 'hosts[0].hostId is "node": it must be a UUID in lower case.'],
    [{ ...least, hosts: [{ ...host, name: 'a b' }] }, 'hosts[0].name is "a b": it must be a host name.'],
    [{ ...least, hosts: [{ ...host, colour: 1 }] }, 'hosts[0].colour is not a known setting.'],
    [{ ...least, driver: 'simulated', hosts: [host, host] }, 'hosts name a hostId twice.'],
    [
      { ...least, hosts: [host, { ...host, hostId: host.hostId.replace(/1$/, '2') }] },
      'hosts must be one with the libvirt driver.',
    ],
    [{ ...least, driver: 'xen' }, 'driver is "xen": it must be libvirt or simulated.'],
    [{ ...least, redisUrl: 'http://x' }, 'redisUrl is "http://x": it must be a URL of redis: or rediss:.'],
    [
      { ...least, redisUrl: 'redis://:hunter2@127.0.0.1' },
      'redisUrl must not hold a password: redisPasswordFile names a file with it.',
    ],
    [{ ...least, controllerUrl: 'http://10.0.0.1:8775' }, elsewhere('controllerUrl')],
    [{ ...least, controllerUrl: 'https://10.0.0.1:8780' }, elsewhere('controllerUrl')],
    [{ ...enrolled, redisUrl: 'redis://10.0.0.1:6390' }, elsewhere('redisUrl')],
    [{ ...enrolled, eventStoreUrl: 'esdb://10.0.0.1:2113?tls=false' }, elsewhere('eventStoreUrl')],
    [{ ...enrolled, eventStoreLogin: null }, elsewhere('eventStoreUrl')],
    [
      { ...enrolled, tls: { authorityFile: 'ca.pem' } },
      ['controllerUrl', 'redisUrl', 'eventStoreUrl'].map(elsewhere).join('\n'),
    ],
    [
      { ...least, tls: { authorityFile: 'ca.pem', certificateFile: 'host.pem' } },
      'tls.keyFile and certificateFile go together.',
    ],
    [{ ...least, redisUrl: 'nonsense' }, 'redisUrl is "nonsense": it must be a URL of redis: or rediss:.'],
    [
      { ...least, guestsMayReach: ['192.0.2.1'] },
      'guestsMayReach[0] is "192.0.2.1": it must be an IPv4 address and a port, like 192.0.2.1:5000.',
    ],
    [{ ...least, metadataPort: 70_000 }, 'metadataPort is 70000: it must be a whole number from 1 to 65535.'],
    [{ ...least, simulated: { vcpus: 0.5 } }, 'simulated.vcpus is 0.5: it must be a whole number of at least 1.'],
    [{ ...least, simulated: { persist: 'no' } }, 'simulated.persist is "no": it must be true or false.'],
    [{ ...least, imageCacheLimitGB: 5 }, 'imageCacheLimitGB is not a known setting.'],
    [[], 'The configuration must be a JSON object.'],
  ])('refuses %j', (value, message) => {
    expect(() => parseConfig(value, '/')).toThrow(new ConfigError(message));
  });
});

describe('files', () => {
  it('are named in what is wrong with them', async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'agent.json');
    await expect(readConfig(path)).rejects.toThrow(`${path}: ENOENT`);
    await writeFile(path, '{');
    await expect(readConfig(path)).rejects.toThrow(ConfigError);
    await writeFile(path, JSON.stringify(least));
    expect((await readConfig(path)).stateDir).toBe(join(folder.path, 'agent'));
    await folder.remove();
  });

  it('hold a secret with or without a newline, but not none', async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'token');
    await writeFile(path, 's3cret\n');
    await chmod(path, 0o600);
    expect(await readSecret(path)).toBe('s3cret');
    await writeFile(path, '\n');
    await expect(readSecret(path)).rejects.toThrow(/is empty/);
    await expect(readSecret(join(folder.path, 'none'))).rejects.toThrow(/cannot be read/);
    await folder.remove();
  });
});

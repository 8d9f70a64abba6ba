import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, parsed } from '../parse';
import { launcherSettings, SECRET_SETTINGS, strangeAddresses, unknownSettings } from './settings';

const check = (environment: Readonly<Record<string, string>>): unknown =>
  parsed(launcherSettings, environment, { hidden: SECRET_SETTINGS });

describe('the settings of ./cairn', () => {
  it('are all right where none is given, or only what others use', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ PATH: '/bin', CAIRN_TEST_DEPTH: 'x' })).not.toThrow();
  });

  it.each([
    { CAIRN_STATE: '/srv/cairn', CAIRN_BIND: '::', CAIRN_BRIDGE: 'cairn-br0' },
    { CAIRN_HOSTS_ADDRESS: '10.1.2.3', CAIRN_NETWORK_CIDR: '192.168.0.0/16', CAIRN_NETWORK_CIDR_V6: 'fd00::/64' },
    { CAIRN_HOSTS_ADDRESS: 'fd00::1', CAIRN_HOSTS_PORT: '18780' },
    { CAIRN_DATABASE: 'postgres', CAIRN_DATABASE_URL: '', CAIRN_POLICY_FILE: '', CAIRN_EVENTSTORE_URL: '' },
    { CAIRN_SIMULATED_LATENCY: '0.25', CAIRN_NODE_FLAGS: '--cpu-prof --heap-prof' },
    { CAIRN_PUBLIC_COMPUTE: 'https://cloud.example.org/compute', CAIRN_TRUSTED_PROXIES: '192.0.2.1, fd00::/8' },
    { CAIRN_GUESTS_REACH: '192.0.2.1:5000, 192.0.2.1:8774' },
    { CAIRN_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') },
  ])('may be %j', (environment) => {
    expect(() => check(environment)).not.toThrow();
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ CAIRN_STATE: 'state' }, 'CAIRN_STATE is "state": it must be an absolute path.'],
    [{ CAIRN_IDENTITY_PORT: '0' }, 'CAIRN_IDENTITY_PORT is "0": it must be a whole number from 1 to 65535.'],
    [{ CAIRN_REDIS_PORT: '5000' }, 'CAIRN_REDIS_PORT is 5000, the port of CAIRN_IDENTITY_PORT.'],
    ...['127.0.0.1', '::1', '0.0.0.0', '::', 'host.example', '224.0.0.1'].map(
      (address): [Readonly<Record<string, string>>, string] => [
        { CAIRN_HOSTS_ADDRESS: address },
        `CAIRN_HOSTS_ADDRESS is "${address}": it must be an address at which other machines reach this one, not loopback (a remembered one is in hosts-address of the state directory).`,
      ],
    ),
    [
      { CAIRN_NETWORK_CIDR: '10.0.0.1/24' },
      'CAIRN_NETWORK_CIDR is "10.0.0.1/24": it must be an IPv4 network of at least /29, like 10.0.0.0/24.',
    ],
    [
      { CAIRN_NETWORK_CIDR_V6: 'fd00::/48' },
      'CAIRN_NETWORK_CIDR_V6 is "fd00::/48": it must be an IPv6 network of /64, like fd00:a::/64.',
    ],
    [
      { CAIRN_IMAGE_QUOTA_MIB: '-2' },
      'CAIRN_IMAGE_QUOTA_MIB is "-2": it must be a whole number of MiB, or -1 for no limit.',
    ],
    [{ CAIRN_DATABASE: 'mysql' }, 'CAIRN_DATABASE is "mysql": it must be sqlite or postgres.'],
    [{ CAIRN_BIND: 'localhost' }, 'CAIRN_BIND is "localhost": it must be an IP address.'],
    ...['https://c.example.org/', 'ftp://c.example.org', 'https://u:p@c.example.org', 'c.example.org'].map(
      (endpoint): [Readonly<Record<string, string>>, string] => [
        { CAIRN_PUBLIC_IMAGE: endpoint },
        `CAIRN_PUBLIC_IMAGE is "${endpoint}": it must be a http:// or https:// URL without a slash at its end.`,
      ],
    ),
    [
      { CAIRN_TRUSTED_PROXIES: '10.0.0.0/33' },
      'CAIRN_TRUSTED_PROXIES is "10.0.0.0/33": it must be addresses or networks, like 192.0.2.1,10.0.0.0/8.',
    ],
    ...['192.0.2.1', '192.0.2.1:0', '192.0.2.1:65536', 'cloud.example:80', '[fd00::1]:80', '192.0.2.1:80,'].map(
      (reach): [Readonly<Record<string, string>>, string] => [
        { CAIRN_GUESTS_REACH: reach },
        `CAIRN_GUESTS_REACH is "${reach}": it must be IPv4 addresses with ports, like 192.0.2.1:5000,192.0.2.1:8774.`,
      ],
    ),
    [{ CAIRN_MASTER_KEY: 'c2hvcnQ=' }, 'CAIRN_MASTER_KEY must be 32 bytes in base64.'],
    [
      { CAIRN_DATABASE_URL: 'mysql://u:secret@h/d' },
      'CAIRN_DATABASE_URL must be a URL like postgresql://user@host/database.',
    ],
    [{ CAIRN_EVENTSTORE_SECURE: 'maybe' }, 'CAIRN_EVENTSTORE_SECURE is "maybe": it must be yes or no.'],
    [
      { CAIRN_BIND: 'x', CAIRN_STATE: 'y' },
      'CAIRN_STATE is "y": it must be an absolute path.\nCAIRN_BIND is "x": it must be an IP address.',
    ],
  ])('may not be %j', (environment, complaint) => {
    expect(() => check(environment)).toThrow(new ConfigError(complaint));
  });

  it('name addresses of this machine', () => {
    const strange = (environment: Readonly<Record<string, string>>): readonly string[] =>
      strangeAddresses(launcherSettings.parse(environment), ['10.0.0.1', 'fd00::1']);
    expect(strange({})).toEqual([]);
    expect(strange({ CAIRN_BIND: '0.0.0.0', CAIRN_HOSTS_ADDRESS: '10.0.0.1' })).toEqual([]);
    expect(strange({ CAIRN_BIND: '10.0.0.2', CAIRN_HOSTS_ADDRESS: 'fd00::2' })).toEqual([
      'CAIRN_BIND is "10.0.0.2": it must be an address of this machine, or 0.0.0.0 or :: for all of them.',
      'CAIRN_HOSTS_ADDRESS is "fd00::2": it must be an address of this machine.',
    ]);
  });

  it('know a typing error from what tests and benchmarks use', () => {
    expect(unknownSettings(['CAIRN_INDENTITY_PORT', 'CAIRN_KEEP', 'CAIRN_TEST_DEPTH', 'CAIRN_STATE', 'HOME'])).toEqual([
      'CAIRN_INDENTITY_PORT',
    ]);
  });

  it('are all that the scripts read', () => {
    const root = resolve(__dirname, '../../../..');
    const scripts = ['infra/cloud', 'infra/setup', 'infra/guest-image', 'infra/host'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.sh'))
        .map((name) => join(root, folder, name)),
    );
    const text = [join(root, 'cairn'), join(root, 'openrc'), ...scripts]
      .map((path) => readFileSync(path, 'utf8'))
      .join();
    const names = [...text.matchAll(/\$\{(CAIRN_\w+)/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(unknownSettings(names)).toEqual([]);
  });
});

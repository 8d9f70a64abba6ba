import { ConfigError } from '@cairn/config';
import { NETWORK_TYPES } from '@cairn/domain';
import { parseConfig } from './config';

const HOST = { hostId: '6f1c1f0e-0000-4000-8000-000000000001', name: 'alpha' };

describe('the configuration', () => {
  it('needs only a state folder', () => {
    expect(parseConfig({ stateDir: '/var/lib/cairn' })).toMatchObject({
      stateDir: '/var/lib/cairn',
      bindHost: '127.0.0.1',
      publicHost: null,
      ports: { identity: 5000, compute: 8774, image: 9292, metadata: 8775 },
      eventStoreUrl: 'esdb://127.0.0.1:2113?tls=false',
      redisUrl: 'redis://127.0.0.1:6379',
      redisPasswordFile: null,
      tokenTtlSeconds: 3600,
      passwordFiles: { admin: '/var/lib/cairn/admin.password', demo: '/var/lib/cairn/demo.password' },
      cloud: {
        region: 'RegionOne',
        network: {
          label: 'private',
          cidr: '10.0.0.0/24',
          bridge: 'br100',
          gateway: null,
          dns: [],
          domain: 'novalocal',
          mtu: 1500,
        },
        hosts: [],
      },
    });
  });

  it('takes what is given', () => {
    const config = parseConfig({
      stateDir: '/s',
      publicHost: 'cloud.example.org',
      cloud: {
        network: { dns: ['192.0.2.53'], gateway: '10.0.0.254' },
        hosts: [{ ...HOST, availabilityZone: 'north' }],
      },
    });
    expect(config.cloud.hosts).toEqual([{ ...HOST, availabilityZone: 'north' }]);
    expect(config.cloud.network).toMatchObject({ dns: ['192.0.2.53'], gateway: '10.0.0.254' });
  });

  it('makes networks of one type that Cairn knows [guide 66]', () => {
    const withType = (type: string) => parseConfig({ stateDir: '/s', cloud: { network: { type, interface: 'eth1' } } });
    for (const type of NETWORK_TYPES) expect(withType(type).cloud.network.type).toBe(type);
    const known = NETWORK_TYPES.join(' or ');
    expect(() => withType('gre')).toThrow(new ConfigError(`cloud.network.type is "gre": it must be ${known}.`));
  });

  it.each<[unknown, string]>([
    [[], 'The configuration must be a JSON object.'],
    [{}, 'stateDir is missing: it must be an absolute path.'],
    [{ stateDir: 'state' }, 'stateDir is "state": it must be an absolute path.'],
    [{ stateDir: '/s', prots: {} }, 'prots is not a known setting.'],
    [
      { stateDir: '/s', ports: { identity: '5000' } },
      'ports.identity is "5000": it must be a whole number from 0 to 65535.',
    ],
    [{ stateDir: '/s', ports: { ec2: 8773 } }, 'ports.ec2 is not a known setting.'],
    [
      { stateDir: '/s', eventStoreUrl: 'http://x' },
      'eventStoreUrl is no connection string of EventStoreDB: at character 1 it wants esdb:// or esdb+discover://.',
    ],
    [
      { stateDir: '/s', cloud: { network: { cidr: '10.0.0.1/24' } } },
      'cloud.network.cidr is "10.0.0.1/24": it must be an IPv4 network of at least /29 that guests can use, like 10.0.0.0/24.',
    ],
    [
      { stateDir: '/s', redisUrl: 'redis://:secret@127.0.0.1:6379' },
      'redisUrl must not hold a password: redisPasswordFile names a file with it.',
    ],
    [{ stateDir: '/s', cloud: { network: { dns: [53] } } }, 'cloud.network.dns[0] is 53: it must be an IPv4 address.'],
    [
      { stateDir: '/s', cloud: { network: { dns: ['::1'] } } },
      'cloud.network.dns[0] is "::1": it must be an IPv4 address.',
    ],
    [
      { stateDir: '/s', cloud: { network: { bridge: 'br.1' } } },
      'cloud.network.bridge is "br.1": it must be a name for a new bridge on every host.',
    ],
    [
      { stateDir: '/s', cloud: { network: { type: 'vlan' } } },
      'cloud.network.interface must be given with the type vlan.',
    ],
    [
      { stateDir: '/s', cloud: { network: { type: 'vlan', interface: 'eth1', numNetworks: 2 } } },
      'cloud.network.numNetworks of 256 addresses do not fit into 10.0.0.0/24, or that is no power of two.',
    ],
    [{ stateDir: '/s', redisUrl: '' }, 'redisUrl is "": it must be a URL of redis: or rediss:.'],
    [{ stateDir: '/s', cloud: { hosts: {} } }, 'cloud.hosts is {}: it must be a list.'],
    [
      { stateDir: '/s', cloud: { hosts: [{ ...HOST, hostId: 'x' }] } },
      'cloud.hosts[0].hostId is "x": it must be a UUID in lower case.',
    ],
    [{ stateDir: '/s', cloud: { hosts: [HOST, 'beta'] } }, 'cloud.hosts[1] is "beta": it must be a JSON object.'],
    [
      { stateDir: '/s', cloud: { hosts: [{ name: 'beta' }] } },
      'cloud.hosts[0].hostId is missing: it must be a UUID in lower case.',
    ],
    [
      { stateDir: '/s', databaseUrl: 'postgresql://u:secret@h/d' },
      'databaseUrl is refused: the URL must not hold a password (databasePasswordFile names a file with it).',
    ],
    [
      { stateDir: '/s', bindHost: '', ports: { image: 1.5, ec2: 1 } },
      'bindHost is "": it must be an address or a host name.\n' +
        'ports.image is 1.5: it must be a whole number from 0 to 65535.\n' +
        'ports.ec2 is not a known setting.',
    ],
  ])('is refused with a reason: %j', (value, reason) => {
    expect(() => parseConfig(value)).toThrow(new ConfigError(reason));
  });
});

import { namedDisks } from '@cairn/domain';
import { metadataDocument, metadataPath, type Surroundings } from './document';
import type { Guest } from '../../application/server/guest';

const KEY = 'ssh-ed25519 AAAAC3Nza tester@laptop';

const NO_FLAVOR = { flavorId: '1', name: 'm1.small', vcpus: 1, ramMb: 1, rootGb: 1, ephemeralGb: 0, swapMb: 0 };

const guest: Guest = {
  instanceId: '9d4ad8de-3d7a-4a44-9f6f-a9d3e9a9f001',
  number: 1000,
  projectId: 'p1',
  reservationId: 'r-1a2b3c4d',
  launchIndex: 2,
  name: 'web',
  hostname: 'web.novalocal',
  flavorName: 'm1.small',
  imageId: '70b29c4d-1111-4222-8333-444455556666',
  kernelId: 'aaaabbbb-1111-4222-8333-444455556666',
  ramdiskId: 'ccccdddd-1111-4222-8333-444455556666',
  key: { name: 'mykey', publicKey: KEY },
  metadata: { role: 'web' },
  securityGroups: ['default', 'web'],
  availabilityZone: 'nova',
  disks: namedDisks({ flavor: { ...NO_FLAVOR, ephemeralGb: 1, swapMb: 64 } }),
  nics: [
    {
      id: '0123456789ab-0000',
      networkId: 'net-1',
      mac: 'fa:16:3e:00:00:01',
      address: '10.0.0.2',
      mtu: 1450,
      dns: ['10.0.0.1'],
      cidr: '10.0.0.0/24',
      gateway: '10.0.0.1',
      dhcp: true,
    },
  ],
  userData: Buffer.from([0x23, 0x21, 0x00, 0xff]),
  files: [],
  password: null,
};

const surroundings: Surroundings = { now: '2026-11-22T12:00:00.000Z', seed: () => Buffer.alloc(512, 7) };

const documentOf = (path: string, of: Guest = guest): ReturnType<typeof metadataDocument> =>
  metadataDocument(of, metadataPath(path), surroundings);
const get = (path: string, of: Guest = guest): string | undefined => documentOf(path, of)?.body.toString();
const json = (path: string, of: Guest = guest): unknown => JSON.parse(get(path, of) ?? 'null');

describe('the EC2 tree', () => {
  it('lists its versions [guide 89]', () => {
    const all = '1.0 2007-01-19 2007-03-01 2007-08-29 2007-10-10 2007-12-15 2008-02-01 2008-09-01 2009-04-04 latest';
    for (const path of ['/', '', '/ec2', '/ec2/', '//ec2//']) expect(get(path)).toBe(all.replaceAll(' ', '\n'));
  });

  it('lists 2009-04-04 as the guide does [guide 93]', () => {
    const seed =
      'ami-id ami-launch-index ami-manifest-path block-device-mapping/ hostname instance-action instance-id ' +
      'instance-type kernel-id local-hostname local-ipv4 placement/ public-hostname public-ipv4 public-keys/ ' +
      'ramdisk-id reservation-id security-groups';
    for (const path of [
      '/2009-04-04/meta-data/',
      '/ec2/2009-04-04/meta-data',
      '/latest/meta-data',
      '/a/../latest//meta-data',
    ])
      expect(get(path)).toBe(seed.replaceAll(' ', '\n'));
  });

  it.each([
    ['1.0', 'instance-type', undefined],
    ['1.0', 'ami-manifest-path', 'FIXME'],
    ['1.0', 'public-ipv4', undefined],
    ['2007-01-19', 'public-ipv4', ''],
    ['2007-08-29', 'instance-type', 'm1.small'],
    ['2007-12-15', 'kernel-id', 'aki-aaaabbbb'],
    ['2008-02-01', 'placement/availability-zone', 'nova'],
    ['2008-02-01', 'instance-action', undefined],
    ['2008-09-01', 'instance-action', 'none'],
  ])('%s has for %s: %s', (version, key, value) => {
    expect(get(`/${version}/meta-data/${key}`)).toBe(value);
  });

  it.each([
    ['ami-id', 'ami-70b29c4d'],
    ['ami-launch-index', '2'],
    ['ramdisk-id', 'ari-ccccdddd'],
    ['instance-id', 'i-000003e8'],
    ['hostname', 'web.novalocal'],
    ['local-ipv4', '10.0.0.2'],
    ['reservation-id', 'r-1a2b3c4d'],
    ['security-groups', 'default\nweb'],
    ['public-keys', '0=mykey'],
    ['public-keys/0', 'openssh-key'],
    ['public-keys/0/', 'openssh-key'],
    ['public-keys/0/openssh-key', KEY],
    ['placement', 'availability-zone'],
    ['block-device-mapping', 'ami\nephemeral0\nroot\nswap'],
    ['block-device-mapping/ami', 'vda'],
    ['block-device-mapping/root', '/dev/vda'],
    ['block-device-mapping/ephemeral0', '/dev/vdb'],
    ['block-device-mapping/swap', '/dev/vdc'],
  ])('meta-data/%s [guide 94]', (path, value) => {
    expect(get(`/latest/meta-data/${path}`)).toBe(value);
  });

  it('moves the swap disk up when there is no ephemeral one', () => {
    expect(
      get('/latest/meta-data/block-device-mapping/swap', {
        ...guest,
        disks: namedDisks({ flavor: { ...NO_FLAVOR, swapMb: 64 } }),
      }),
    ).toBe('/dev/vdb');
  });

  it('gives the user data byte by byte, and lists it only where there is some [guide 92]', () => {
    expect(documentOf('/latest/user-data')?.body).toEqual(guest.userData);
    expect(get('/latest')).toBe('meta-data/\nuser-data');
    const without = { ...guest, userData: null };
    expect(get('/latest', without)).toBe('meta-data/');
    expect(get('/latest/user-data', without)).toBeUndefined();
    expect(get('/latest/user-data', { ...guest, userData: Buffer.alloc(0) })).toBe('');
  });

  it('leaves out what a server was not given', () => {
    const bare = { ...guest, key: null, kernelId: null, ramdiskId: null };
    expect(get('/latest/meta-data', bare)).not.toMatch(/public-keys|kernel-id|ramdisk-id/);
    expect(get('/latest/meta-data/public-keys', bare)).toBeUndefined();
  });

  it.each([
    '/2010-01-01/meta-data',
    '/latest/meta-data/nothing',
    '/latest/meta-data/ami-id/deeper',
    '/latest/meta-data/ami-id/length',
    '/latest/meta-data/constructor',
    '/latest/nothing',
    '/nothing',
    '/latest/user-data/0',
    '/latest/api/token',
  ])('has no %s [guide 97]', (path) => {
    expect(get(path)).toBeUndefined();
  });
});

describe('the OpenStack tree', () => {
  it('lists its versions, but not those of days to come [guide 89,90]', () => {
    expect(get('/openstack')?.split('\n')).toEqual([
      '2012-08-10',
      '2013-04-04',
      '2013-10-17',
      '2015-10-15',
      '2016-06-30',
      '2016-10-06',
      '2017-02-22',
      '2018-08-27',
      '2020-10-14',
      'latest',
    ]);
    const before = metadataDocument(guest, ['openstack'], { ...surroundings, now: '2014-01-01T00:00:00.000Z' });
    expect(before?.body.toString()).toBe('2012-08-10\n2013-04-04\n2013-10-17\nlatest');
  });

  it('shows at 2012-08-10 exactly what the guide shows [guide 91]', () => {
    expect(json('/openstack/2012-08-10/meta_data.json')).toEqual({
      uuid: guest.instanceId,
      availability_zone: 'nova',
      hostname: 'web.novalocal',
      launch_index: 2,
      meta: { role: 'web' },
      public_keys: { mykey: KEY },
      name: 'web',
    });
  });

  it('shows later what later versions added', () => {
    expect(json('/openstack/latest/meta_data.json')).toMatchObject({
      keys: [{ name: 'mykey', type: 'ssh', data: KEY }],
      random_seed: Buffer.alloc(512, 7).toString('base64'),
      project_id: 'p1',
      devices: [],
      dedicated_cpus: [],
    });
    expect(json('/openstack/2013-04-04/meta_data.json')).not.toHaveProperty('project_id');
  });

  it('says where the guest finds the disks that its tenant has tagged', () => {
    const localDisks = {
      root: { tag: 'os' },
      ephemeral: [{ sizeGb: 1 }, { sizeGb: 1, tag: 'log', bus: 'scsi' as const }],
      swap: { sizeMb: 1, flavorMb: 0, tag: 'swap' },
    };
    const disks = namedDisks({ flavor: NO_FLAVOR, localDisks });
    expect(json('/openstack/latest/meta_data.json', { ...guest, disks })).toMatchObject({
      devices: [
        { type: 'disk', bus: 'pci', address: '0000:00:10.0', serial: 'root', tags: ['os'] },
        { type: 'disk', bus: 'scsi', address: 'none', serial: 'ephemeral1', tags: ['log'] },
        { type: 'disk', bus: 'pci', address: '0000:00:13.0', serial: 'swap', tags: ['swap'] },
      ],
    });
  });

  it('says where the guest finds the interfaces that its tenant has tagged', () => {
    const [nic] = guest.nics as [Guest['nics'][number]];
    const nics = [{ ...nic, tag: 'inside', slot: 8 }, nic, { ...nic, mac: 'fa:16:3e:00:00:02', tag: 'outside' }];
    expect(json('/openstack/latest/meta_data.json', { ...guest, nics })).toMatchObject({
      devices: [
        { type: 'nic', mac: nic.mac, bus: 'pci', address: '0000:00:08.0', tags: ['inside'], vf_trusted: false },
        { type: 'nic', mac: 'fa:16:3e:00:00:02', bus: 'none', address: 'none', tags: ['outside'] },
      ],
    });
    const older = json('/openstack/2016-06-30/meta_data.json', { ...guest, nics }) as { devices: readonly object[] };
    expect(older.devices[0]).not.toHaveProperty('vf_trusted');
  });

  it('leaves out metadata and keys that a server was not given', () => {
    const bare = json('/openstack/latest/meta_data.json', { ...guest, key: null, metadata: {} });
    for (const name of ['meta', 'keys', 'public_keys']) expect(bare).not.toHaveProperty(name);
  });

  it.each([
    ['2012-08-10', 'meta_data.json user_data'],
    ['2013-04-04', 'meta_data.json user_data password'],
    ['2013-10-17', 'meta_data.json user_data password vendor_data.json'],
    ['2015-10-15', 'meta_data.json user_data password vendor_data.json network_data.json'],
    ['latest', 'meta_data.json user_data password vendor_data.json network_data.json vendor_data2.json'],
  ])('lists %s', (version, files) => {
    expect(get(`/openstack/${version}/`)).toBe(files.replaceAll(' ', '\n'));
  });

  it('has the password document from 2013-04-04 on, empty as long as no password was posted', () => {
    expect(get('/openstack/2012-08-10/password')).toBeUndefined();
    expect(get('/openstack/2013-04-04/password')).toBe('');
  });

  it('describes the network cards', () => {
    expect(json('/openstack/latest/network_data.json')).toEqual({
      links: [
        {
          id: 'tap0123456789a',
          vif_id: '0123456789ab-0000',
          type: 'bridge',
          mtu: 1450,
          ethernet_mac_address: 'fa:16:3e:00:00:01',
        },
      ],
      networks: [{ id: 'network0', type: 'ipv4_dhcp', link: 'tap0123456789a', network_id: 'net-1' }],
      services: [{ type: 'dns', address: '10.0.0.1' }],
    });
  });

  it('describes the IPv6 address of a network card that has one', () => {
    const dns = ['fd00::1'];
    const ipv6 = { address: 'fd00::f816:3eff:fe00:1', prefix: 64, gateway: 'fd00::1', dns };
    const [nic] = guest.nics as [Guest['nics'][number]];
    const link = { link: 'tap0123456789a', network_id: 'net-1' };
    const services = [{ type: 'dns', address: 'fd00::1' }];
    expect(json('/openstack/latest/network_data.json', { ...guest, nics: [{ ...nic, ipv6 }, nic] })).toMatchObject({
      networks: [
        { id: 'network0', type: 'ipv4_dhcp', ...link },
        {
          id: 'network1',
          type: 'ipv6_slaac',
          ...link,
          ip_address: 'fd00::f816:3eff:fe00:1',
          netmask: 'ffff:ffff:ffff:ffff::',
          routes: [{ network: '::', netmask: '::', gateway: 'fd00::1' }],
          services,
        },
        { id: 'network2', type: 'ipv4_dhcp', ...link },
      ],
      services: [{ type: 'dns', address: '10.0.0.1' }, ...services],
    });
  });

  it.each([
    ['/openstack/latest/meta_data.json', 'application/json'],
    ['/openstack/latest/vendor_data.json', 'application/json'],
    ['/openstack/latest/vendor_data2.json', 'application/json'],
    ['/openstack/latest/network_data.json', 'text/plain; charset=UTF-8'],
    ['/openstack/latest/user_data', 'text/plain; charset=UTF-8'],
    ['/latest/meta-data/ami-id', 'text/plain; charset=UTF-8'],
  ])('sends %s as %s', (path, contentType) => {
    expect(documentOf(path)?.contentType).toBe(contentType);
  });

  it('is not read by those who may not: no content, no deeper paths, no unknown version [guide 97]', () => {
    for (const path of ['/openstack/content', '/openstack/2012-01-01', '/openstack/latest/meta_data.json/x'])
      expect(get(path)).toBeUndefined();
    expect(get('/openstack/latest/user_data', { ...guest, userData: null })).toBeUndefined();
  });
});

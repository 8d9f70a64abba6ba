import { namedDisks } from '@cairn/domain';

import type { DriveGuest } from '../../application/server/guest';
import { metadataDocument } from './document';
import { driveFiles } from './drive-files';

const flavor = { flavorId: '1', name: 'm1.small', vcpus: 1, ramMb: 1, rootGb: 1, ephemeralGb: 1, swapMb: 0 };

const guest: DriveGuest = {
  instanceId: '9d4ad8de-3d7a-4a44-9f6f-a9d3e9a9f001',
  number: 1000,
  projectId: 'p1',
  reservationId: 'r-1a2b3c4d',
  launchIndex: 0,
  name: 'web',
  hostname: 'web.novalocal',
  flavorName: 'm1.small',
  imageId: '70b29c4d-1111-4222-8333-444455556666',
  kernelId: null,
  ramdiskId: null,
  key: { name: 'mykey', publicKey: 'ssh-ed25519 AAAA tester' },
  metadata: {},
  securityGroups: ['default'],
  availabilityZone: 'nova',
  disks: namedDisks({ flavor, configDrive: 'iso9660' }),
  nics: [],
  userData: Buffer.from('#!/bin/sh'),
  files: [
    { path: '/etc/motd', contents: 'aGVsbG8=' },
    { path: '/etc/empty', contents: '' },
  ],
  password: null,
  adminPass: 'secret',
};

const drive = (of: DriveGuest = guest): ReadonlyMap<string, Buffer> => driveFiles(of, () => Buffer.alloc(512, 7));
const json = (path: string, of?: DriveGuest): unknown => JSON.parse(drive(of).get(path)?.toString() ?? 'null');

describe('the files of a configuration drive', () => {
  it('are those that nova writes', () => {
    const names = [...drive().keys()];
    expect(names.filter((name) => name.startsWith('ec2/'))).toEqual([
      'ec2/2009-04-04/meta-data.json',
      'ec2/2009-04-04/user-data',
      'ec2/latest/meta-data.json',
      'ec2/latest/user-data',
    ]);
    expect(names.filter((name) => name.startsWith('openstack/latest/'))).toEqual([
      'openstack/latest/meta_data.json',
      'openstack/latest/user_data',
      'openstack/latest/vendor_data.json',
      'openstack/latest/network_data.json',
      'openstack/latest/vendor_data2.json',
    ]);
    expect(names).toContain('openstack/2012-08-10/meta_data.json');
    expect(names).not.toContain('openstack/2012-08-10/vendor_data.json');
    expect(names.filter((name) => name.startsWith('openstack/content/'))).toEqual([
      'openstack/content/0000',
      'openstack/content/0001',
    ]);
  });

  it('hold what the metadata service answers, and the password besides', () => {
    const surroundings = { now: '2026-11-22T12:00:00.000Z', seed: () => Buffer.alloc(512, 7) };
    const { adminPass: _adminPass, ...plain } = guest;
    const served = metadataDocument(plain, ['openstack', 'latest', 'meta_data.json'], surroundings)?.body;
    expect(json('openstack/latest/meta_data.json')).toEqual({
      ...(JSON.parse(served?.toString() ?? '') as object),
      admin_pass: 'secret',
    });
    expect(drive().get('ec2/latest/user-data')).toEqual(guest.userData);
    expect(json('ec2/latest/meta-data.json')).toMatchObject({
      'instance-id': 'i-000003e8',
      'security-groups': ['default'],
      'public-keys': { '0': { _name: '0=mykey', 'openssh-key': 'ssh-ed25519 AAAA tester' } },
      'block-device-mapping': { ami: 'vda', root: '/dev/vda', ephemeral0: '/dev/vdb' },
      placement: { 'availability-zone': 'nova' },
    });
  });

  it('name injected files by path and hold their contents, on the drive and in the metadata service', () => {
    expect(json('openstack/2012-08-10/meta_data.json')).toMatchObject({
      files: [
        { path: '/etc/motd', content_path: '/content/0000' },
        { path: '/etc/empty', content_path: '/content/0001' },
      ],
    });
    expect(drive().get('openstack/content/0000')?.toString()).toBe('hello');
    const surroundings = { now: '2026-11-22T12:00:00.000Z', seed: () => Buffer.alloc(512) };
    const served = (name: string): string | undefined =>
      metadataDocument(guest, ['openstack', 'content', name], surroundings)?.body.toString();
    expect([served('0000'), served('0001'), served('0002')]).toEqual(['hello', '', undefined]);
  });

  it('hold the addresses that no DHCP server gives the guest [guide 74]', () => {
    const nic = {
      id: '5ca1ab1e-0000-4000-8000-000000000001',
      networkId: 'n1',
      mac: 'fa:16:3e:00:00:05',
      address: '10.0.0.5',
      cidr: '10.0.0.0/24',
      gateway: '10.0.0.1',
      dns: ['192.0.2.53'],
      mtu: 1500,
      dhcp: false,
    };
    const injected = { ...guest, nics: [nic, { ...nic, dhcp: true }] };
    const path = '/content/0002';
    expect(json('openstack/latest/meta_data.json', injected)).toMatchObject({
      network_config: { name: 'network_config', content_path: path },
    });
    expect(drive(injected).get(`openstack${path}`)?.toString()).toContain('    address 10.0.0.5\n');
    expect(json('openstack/latest/network_data.json', injected)).toMatchObject({
      networks: [
        {
          type: 'ipv4',
          ip_address: '10.0.0.5',
          netmask: '255.255.255.0',
          routes: [{ network: '0.0.0.0', netmask: '0.0.0.0', gateway: '10.0.0.1' }],
        },
        { type: 'ipv4_dhcp' },
      ],
    });
    expect(json('openstack/latest/meta_data.json', { ...guest, nics: [{ ...nic, dhcp: true }] })).not.toHaveProperty(
      'network_config',
    );
  });

  it('leave out what the server does not have', () => {
    const bare = { ...guest, userData: null, files: [], adminPass: null };
    expect([...drive(bare).keys()].filter((name) => /user.data|content/.test(name))).toEqual([]);
    for (const key of ['admin_pass', 'files'])
      expect(json('openstack/latest/meta_data.json', bare)).not.toHaveProperty(key);
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { DEMO, eventually } from './cloud';
import { addressOf, GuestCloud, type Launched } from './guest-cloud';
import { IMAGES, whyNoRealGuest } from './real-guests';

/** What is done with the disks of a guest that is in use: images and backups of the root disk, other disks in its place. */
describeWhere(whyNoRealGuest(), 'the disk of a real guest', () => {
  const cloud = new GuestCloud({ firstPort: 21_300, cidr: '10.213.78.0/24', bridge: 'brcairndisk' });
  let guest: Launched;
  let address = '';

  const inGuest = (command: string, good?: (out: string) => boolean): Promise<string> =>
    cloud.inGuest(address, command, good);
  /** A file of the guest's configuration drive. */
  const onDrive = (path: string): Promise<string> =>
    inGuest(`mount -o ro /dev/sr0 /mnt && cat /mnt/${path}; code=$?; umount /mnt; exit $code`);
  const images = async (): Promise<readonly string[]> =>
    (await cloud.openstack<readonly { readonly Name: string }[]>(['image', 'list'], DEMO)).map(({ Name }) => Name);

  beforeAll(async () => {
    await cloud.begin();
    const sizes = ['--ram', '512', '--disk', '1', '--ephemeral', '2', '--swap', '64', '--vcpus', '1'];
    await cloud.openstack(['flavor', 'create', ...sizes, 'disks']);
    const file = cloud.file('motd', 'injected');
    const disks = ['--ephemeral', 'size=1,format=ext4', '--swap', '32', '--config-drive', 'True'];
    const named = ['--os-compute-api-version', '2.56', '--nic', 'net-id=private,tag=front'];
    guest = await cloud.launch('one', { flavor: 'disks', more: [...disks, ...named, '--file', `/etc/motd=${file}`] });
    address = addressOf(guest);
    await inGuest('echo kept > /root/kept && sync && echo here > /run/memory && echo ok');
  });
  afterAll(() => cloud.destroy());

  it('is followed by the disks that were asked for, and a drive tells the guest who it is', async () => {
    const seen = await inGuest('cat /sys/block/vdb/size /sys/block/vdc/size && mount /dev/vdb /mnt && echo ok');
    expect(seen.split('\n')).toEqual(['2097152', '65536', 'ok', '']);
    const serials = 'for name in vda vdb vdc; do cat /sys/block/$name/serial; echo; done';
    expect((await inGuest(serials)).split('\n')).toEqual(['root', 'ephemeral0', 'swap', '']);
    expect(await inGuest('readlink /sys/block/vdb')).toContain('/0000:00:11.0/');
    await inGuest('echo kept > /mnt/kept && umount /mnt');
    const metaData = JSON.parse(await onDrive('openstack/latest/meta_data.json')) as Record<string, unknown>;
    expect(metaData).toMatchObject({
      uuid: guest.id,
      name: 'one',
      admin_pass: guest.adminPass,
      files: [{ path: '/etc/motd', content_path: '/content/0000' }],
    });
    const card = await inGuest(
      'basename $(dirname $(readlink -f /sys/class/net/eth0/device)); cat /sys/class/net/eth0/address',
    );
    const [at = '', mac = ''] = card.split('\n');
    expect(metaData['devices']).toContainEqual({
      type: 'nic',
      bus: 'pci',
      address: at,
      mac,
      tags: ['front'],
      vf_trusted: false,
    });
    expect(await onDrive('openstack/content/0000')).toBe('injected');
    expect(await onDrive('ec2/latest/meta-data.json')).toContain(`"local-ipv4":"${address}"`);
    expect(await cloud.openstack(['server', 'show', 'one'], DEMO)).toMatchObject({ config_drive: 'True' });
  });

  it('is copied into an image while the guest goes on, and the image boots [guide 36]', async () => {
    await cloud.does(['server', 'image', 'create', '--name', 'snap', 'one'], DEMO);
    const { properties } = await cloud.imageOf('one', 'snap');
    expect(properties).toMatchObject({ image_type: 'snapshot', instance_uuid: guest.id });
    expect((await inGuest('cat /run/memory')).trim()).toBe('here');
    await cloud.holds(addressOf(await cloud.launch('two', { image: 'snap' })), '/root/kept', 'kept');
    await cloud.does(['server', 'delete', '--wait', 'two'], DEMO);
  });

  it('is backed up, and the oldest backup goes [guide 148]', async () => {
    for (const name of ['monday', 'tuesday']) {
      await cloud.does(['server', 'backup', 'create', '--name', name, '--type', 'daily', '--rotate', '1', 'one'], DEMO);
      await cloud.imageOf('one', name);
    }
    const left = await eventually(images, (names) => !names.includes('monday'));
    expect(left).toContain('tuesday');
  });

  it('is the second one of a guest that is rescued, and is as it was afterwards', async () => {
    await cloud.does(['server', 'rescue', 'one'], DEMO);
    await cloud.becomes('one', 'RESCUE');
    expect(await inGuest('ls /dev/vdb; ls /root')).not.toContain('kept');
    await cloud.does(['server', 'unrescue', 'one'], DEMO);
    await cloud.becomes('one', 'ACTIVE');
    await cloud.holds(address, '/root/kept', 'kept');
  });

  it('stays the first one of a guest that is rescued by a disk of its own', async () => {
    const raw = cloud.file('helper.raw', '');
    await cloud.run('qemu-img', ['convert', '-O', 'raw', join(IMAGES, 'cairn-guest.qcow2'), raw]);
    await cloud.run('sed', ['-i', 's#root=/dev/vda2#root=/dev/vdd2#', raw]); // its boot loader: the fourth disk is the helper
    const helper = ['--property', 'hw_rescue_device=disk', '--property', 'hw_rescue_bus=virtio', 'helper'];
    await cloud.does(['image', 'create', '--disk-format', 'raw', '--file', raw, ...helper], DEMO);
    await cloud.does(['--os-compute-api-version', '2.87', 'server', 'rescue', '--image', 'helper', 'one'], DEMO);
    await cloud.becomes('one', 'RESCUE');
    expect(await inGuest('ls /root; mount /dev/vda2 /mnt && cat /mnt/root/kept; umount /mnt')).toBe('kept\n');
    expect(await inGuest('cat /sys/block/vda/serial; echo; cat /sys/block/vdb/serial')).toBe('root\nephemeral0');
    await cloud.does(['server', 'unrescue', 'one'], DEMO);
    await cloud.becomes('one', 'ACTIVE');
    await cloud.holds(address, '/root/kept', 'kept');
  });

  it('is made again by a rebuild, at the same address', async () => {
    await cloud.does(['server', 'rebuild', '--image', 'guest', '--password', 'another', 'one'], DEMO);
    expect(addressOf(await cloud.becomes('one', 'ACTIVE'))).toBe(address);
    await inGuest('ls /root; echo listed', (out) => out.includes('listed') && !out.includes('kept'));
    expect(await onDrive('openstack/latest/meta_data.json')).toContain('"admin_pass":"another"');
    expect(await inGuest('mount /dev/vdb /mnt && ls /mnt; umount /mnt')).not.toContain('kept');
  });

  it('is gone with its server, and so is every copy', async () => {
    await cloud.does(['server', 'delete', '--wait', 'one'], DEMO);
    expect(readdirSync(join(cloud.state, 'agent', 'instances'))).toEqual([]);
  });
});

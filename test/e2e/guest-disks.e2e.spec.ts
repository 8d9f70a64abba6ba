import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { Cloud, DEMO, eventually } from './cloud';
import { IMAGES, shellIn, whyNoRealGuest } from './real-guests';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  readonly properties: Readonly<Record<string, string>>;
}

/** What is done with the root disk of a guest that is in use: images and backups of it, other disks in its place. */
describeWhere(whyNoRealGuest(), 'the disk of a real guest', () => {
  const cloud = new Cloud({ firstPort: 21_300, cidr: '10.213.78.0/24', bridge: 'brcairndisk' });
  let key = '';

  const show = (what: 'server' | 'image', name: string): Promise<Shown> =>
    cloud.openstack<Shown>([what, 'show', name], DEMO);
  const becomes = (what: 'server' | 'image', name: string, status: string): Promise<Shown> =>
    eventually(
      () => show(what, name),
      (shown) => shown.status === status,
      { withinMs: 120_000 },
    );
  const addressOf = ({ addresses }: Shown): string => addresses['private']?.[0] ?? '';
  const inGuest = (address: string, command: string, good?: (out: string) => boolean): Promise<string> =>
    shellIn(cloud, key, address, command, good);
  const boot = async (name: string, image: string): Promise<string> => {
    const from = ['server', 'create', '--image', image, '--flavor', 'm1.tiny', '--key-name', 'key', '--wait', name];
    await cloud.openstack(from, DEMO);
    return addressOf(await show('server', name));
  };
  const images = async (): Promise<readonly string[]> =>
    (await cloud.openstack<readonly { readonly Name: string }[]>(['image', 'list'], DEMO)).map(({ Name }) => Name);

  let address = '';
  beforeAll(async () => {
    await cloud.up();
    const image = join(IMAGES, 'cairn-guest.qcow2');
    await cloud.openstack(['image', 'create', '--disk-format', 'qcow2', '--file', image, 'guest'], DEMO);
    key = cloud.file('key', await cloud.does(['keypair', 'create', 'key'], DEMO));
    address = await boot('one', 'guest');
    await inGuest(address, 'echo kept > /root/kept && sync && echo here > /run/memory && echo ok');
  }, 600_000);
  afterAll(() => cloud.destroy(), 300_000);

  it('is copied into an image while the guest goes on, and the image boots [guide 36]', async () => {
    await cloud.does(['server', 'image', 'create', '--name', 'snap', 'one'], DEMO);
    const { properties } = await becomes('image', 'snap', 'active');
    expect(properties).toMatchObject({ image_type: 'snapshot', instance_uuid: (await show('server', 'one')).id });
    expect((await inGuest(address, 'cat /run/memory')).trim()).toBe('here');
    const copy = await boot('two', 'snap');
    await inGuest(copy, 'cat /root/kept', (out) => out.trim() === 'kept');
    await cloud.does(['server', 'delete', '--wait', 'two'], DEMO);
  }, 300_000);

  it('is backed up, and the oldest backup goes [guide 148]', async () => {
    for (const name of ['monday', 'tuesday']) {
      await cloud.does(['server', 'backup', 'create', '--name', name, '--type', 'daily', '--rotate', '1', 'one'], DEMO);
      await becomes('image', name, 'active');
    }
    const left = await eventually(images, (names) => !names.includes('monday'), { withinMs: 30_000 });
    expect(left).toContain('tuesday');
  }, 300_000);

  it('is the second one of a guest that is rescued, and is as it was afterwards', async () => {
    await cloud.does(['server', 'rescue', 'one'], DEMO);
    await becomes('server', 'one', 'RESCUE');
    expect(await inGuest(address, 'ls /dev/vdb; ls /root')).not.toContain('kept');
    await cloud.does(['server', 'unrescue', 'one'], DEMO);
    await becomes('server', 'one', 'ACTIVE');
    await inGuest(address, 'cat /root/kept', (out) => out.trim() === 'kept');
  }, 400_000);

  it('is made again by a rebuild, at the same address', async () => {
    await cloud.does(['server', 'rebuild', '--image', 'guest', 'one'], DEMO);
    expect(addressOf(await becomes('server', 'one', 'ACTIVE'))).toBe(address);
    await inGuest(address, 'ls /root; echo listed', (out) => out.includes('listed') && !out.includes('kept'));
  }, 300_000);

  it('is gone with its server, and so is every copy', async () => {
    await cloud.does(['server', 'delete', '--wait', 'one'], DEMO);
    expect(readdirSync(join(cloud.state, 'agent', 'instances'))).toEqual([]);
  }, 120_000);
});

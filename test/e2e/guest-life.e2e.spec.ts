import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { DEMO, eventually } from './cloud';
import { addressOf, digest, GuestCloud, type Shown } from './guest-cloud';
import { whyNoRealGuest } from './real-guests';

/** The long life of one server: other sizes, no host and another one, deletion and restoration. Its guest keeps its disk. */
describeWhere(whyNoRealGuest(), 'the life of a real guest', () => {
  const cloud = new GuestCloud({
    firstPort: 21_700,
    cidr: '10.213.79.0/24',
    bridge: 'brcairnlife',
    own: { controller: { reclaimInstanceIntervalSeconds: 3_600 } },
  });
  let address = '';

  const becomes = (status: string): Promise<Shown> => cloud.becomes('one', status);
  const does = (...args: readonly string[]): Promise<string> => cloud.does(args, DEMO);
  const inGuest = (command: string, good?: (out: string) => boolean): Promise<string> =>
    cloud.inGuest(address, command, good);
  const keepsItsDisk = (): Promise<void> => cloud.holds(address, '/root/kept', 'kept');

  const rootDisk = async (): Promise<string> =>
    /^\s*vda\s+(\S+)/m.exec(await cloud.virsh('domblklist', (await cloud.show('one')).id))?.[1] ?? '';
  const disks = (): readonly string[] =>
    readdirSync(join(cloud.state, 'agent', 'instances'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(^|\/)disk($|-)/.test(name),
    );

  const flavor = (name: string, sizes: Readonly<Record<string, number>>): Promise<unknown> =>
    cloud.openstack([
      'flavor',
      'create',
      ...Object.entries(sizes).flatMap(([size, value]) => [`--${size}`, String(value)]),
      name,
    ]);

  beforeAll(async () => {
    await cloud.begin();
    await flavor('life.small', { vcpus: 1, ram: 512, disk: 1, ephemeral: 1, swap: 32 });
    await flavor('life.big', { vcpus: 2, ram: 768, disk: 3, ephemeral: 2, swap: 64 });
    address = addressOf(await cloud.launch('one', { flavor: 'life.small' }));
    await inGuest('echo kept > /root/kept && sync && echo ok');
    await does('server', 'stop', 'one');
    await becomes('SHUTOFF');
  });
  afterAll(() => cloud.destroy());

  it('goes back to its old disk, byte for byte, when a resize is reverted', async () => {
    const disk = await rootDisk();
    const before = digest(disk);
    await does('server', 'resize', '--flavor', 'life.big', 'one');
    await becomes('VERIFY_RESIZE');
    expect(await rootDisk()).not.toBe(disk);
    expect(disks()).toHaveLength(2);
    await does('server', 'resize', 'revert', 'one');
    await becomes('SHUTOFF');
    expect([await rootDisk(), digest(disk)]).toEqual([disk, before]);
    await eventually(
      () => Promise.resolve(disks()),
      (left) => left.length === 1,
    );
  });

  it('runs with the processors, memory and disks of its new flavor when it is resized while it runs', async () => {
    await does('server', 'start', 'one');
    await inGuest('echo grows | dd of=/dev/vdb seek=9 2> /dev/null; sync; echo ok', (out) => out.includes('ok'));
    await does('server', 'resize', '--flavor', 'life.big', 'one');
    await becomes('VERIFY_RESIZE');
    await does('server', 'resize', 'confirm', 'one');
    await becomes('ACTIVE');
    await keepsItsDisk();
    const [processors, kilobytes, ...sectors] = (
      await inGuest("nproc; awk '/MemTotal/ { print $2 }' /proc/meminfo; cat /sys/block/vd[abc]/size")
    )
      .trim()
      .split('\n')
      .map(Number);
    expect([processors, ...sectors]).toEqual([2, 3 * 2 ** 21, 2 * 2 ** 21, 64 * 2 ** 11]);
    expect(kilobytes).toBeGreaterThan(600 * 1024);
    expect(await inGuest('dd if=/dev/vdb skip=9 count=1 2> /dev/null | head -c 5')).toMatch(/^grows/);
    expect(disks()).toHaveLength(1);
  });

  it('leaves nothing on its host while it is shelved, and comes back with its disk and address', async () => {
    await inGuest('echo later > /root/later && sync && echo ok');
    await does('server', 'shelve', 'one');
    await becomes('SHELVED_OFFLOADED');
    expect(await cloud.virsh('list', '--all', '--name')).not.toContain('instance-');
    expect(disks()).toEqual([]);
    await does('server', 'unshelve', 'one');
    expect((await becomes('ACTIVE')).addresses['private']).toEqual([address]);
    await keepsItsDisk();
    await cloud.holds(address, '/root/later', 'later');
    expect(await does('image', 'list', '-f', 'value', '-c', 'Name')).not.toContain('one-shelved');
  });

  it('is off while it is deleted softly, and comes back when it is restored', async () => {
    const { id } = await cloud.show('one');
    await does('server', 'delete', 'one');
    await cloud.becomes(id, 'SOFT_DELETED');
    expect(await cloud.virsh('list', '--name')).not.toContain('instance-');
    await does('server', 'restore', id);
    await becomes('ACTIVE');
    await keepsItsDisk();
  });

  it('is gone with all that it had when its deletion is forced', async () => {
    const { id } = await cloud.show('one');
    await cloud.client('nova', ['force-delete', id], DEMO);
    await eventually(
      () => cloud.virsh('list', '--all', '--name'),
      (names) => !names.includes('instance-'),
    );
    await eventually(
      () => Promise.resolve(disks()),
      (left) => left.length === 0,
    );
    expect(await cloud.refused(['server', 'show', id], DEMO)).toMatch(/No [Ss]erver/);
  });
});

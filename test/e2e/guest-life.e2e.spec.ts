import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { Cloud, DEMO, eventually } from './cloud';
import { IMAGES, shellIn, whyNoRealGuest } from './real-guests';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
}

/** The long life of one server: other sizes, no host and another one, deletion and restoration. Its guest keeps its disk. */
describeWhere(whyNoRealGuest(), 'the life of a real guest', () => {
  const cloud = new Cloud({
    firstPort: 21_700,
    cidr: '10.213.79.0/24',
    bridge: 'brcairnlife',
    own: { controller: { reclaimInstanceIntervalSeconds: 3_600 } },
  });
  let key = '';
  let address = '';

  const show = (): Promise<Shown> => cloud.openstack<Shown>(['server', 'show', 'one'], DEMO);
  const becomes = (status: string): Promise<Shown> =>
    eventually(show, (server) => server.status === status, { withinMs: 120_000 });
  const does = (...args: readonly string[]): Promise<string> => cloud.does(args, DEMO);
  const inGuest = (command: string, good?: (out: string) => boolean): Promise<string> =>
    shellIn(cloud, key, address, command, good);
  const keepsItsDisk = (): Promise<string> => inGuest('cat /root/kept', (out) => out.trim() === 'kept');

  const virsh = async (...args: readonly string[]): Promise<string> =>
    (await cloud.run('virsh', ['-q', '-c', 'qemu:///system', ...args])).stdout;
  const rootDisk = async (): Promise<string> =>
    /^\s*vda\s+(\S+)/m.exec(await virsh('domblklist', (await show()).id))?.[1] ?? '';
  const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  const disks = (): readonly string[] =>
    readdirSync(join(cloud.state, 'agent', 'instances'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(^|\/)disk($|-)/.test(name),
    );

  beforeAll(async () => {
    await cloud.up();
    const image = join(IMAGES, 'cairn-guest.qcow2');
    await cloud.openstack(['image', 'create', '--disk-format', 'qcow2', '--file', image, 'guest'], DEMO);
    await cloud.openstack(['flavor', 'create', '--vcpus', '2', '--ram', '768', '--disk', '3', 'life.big']);
    key = cloud.file('key', await does('keypair', 'create', 'key'));
    const from = ['--image', 'guest', '--flavor', 'm1.tiny', '--key-name', 'key'];
    await cloud.openstack(['server', 'create', ...from, '--wait', 'one'], DEMO);
    address = (await show()).addresses['private']?.[0] ?? '';
    await inGuest('echo kept > /root/kept && sync && echo ok');
    await does('server', 'stop', 'one');
    await becomes('SHUTOFF');
  }, 600_000);
  afterAll(() => cloud.destroy(), 300_000);

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
  }, 200_000);

  it('has the processors, memory and disk of its new flavor once a resize is confirmed', async () => {
    await does('server', 'resize', '--flavor', 'life.big', 'one');
    await becomes('VERIFY_RESIZE');
    await does('server', 'resize', 'confirm', 'one');
    await becomes('SHUTOFF');
    await does('server', 'start', 'one');
    await keepsItsDisk();
    const [processors, kilobytes, sectors] = (
      await inGuest("nproc; awk '/MemTotal/ { print $2 }' /proc/meminfo; cat /sys/block/vda/size")
    )
      .trim()
      .split('\n')
      .map(Number);
    expect([processors, sectors]).toEqual([2, 3 * 2 ** 21]);
    expect(kilobytes).toBeGreaterThan(600 * 1024);
    expect(disks()).toHaveLength(1);
  }, 200_000);

  it('leaves nothing on its host while it is shelved, and comes back with its disk and address', async () => {
    await inGuest('echo later > /root/later && sync && echo ok');
    await does('server', 'shelve', 'one');
    await becomes('SHELVED_OFFLOADED');
    expect(await virsh('list', '--all', '--name')).not.toContain('instance-');
    expect(disks()).toEqual([]);
    await does('server', 'unshelve', 'one');
    expect((await becomes('ACTIVE')).addresses['private']).toEqual([address]);
    await keepsItsDisk();
    await inGuest('cat /root/later', (out) => out.trim() === 'later');
    expect(await does('image', 'list', '-f', 'value', '-c', 'Name')).not.toContain('one-shelved');
  }, 300_000);

  it('is off while it is deleted softly, and comes back when it is restored', async () => {
    const { id } = await show();
    await does('server', 'delete', 'one');
    const shown = (): Promise<Shown> => cloud.openstack<Shown>(['server', 'show', id], DEMO);
    await eventually(shown, ({ status }) => status === 'SOFT_DELETED');
    expect(await virsh('list', '--name')).not.toContain('instance-');
    await does('server', 'restore', id);
    await becomes('ACTIVE');
    await keepsItsDisk();
  }, 200_000);

  it('is gone with all that it had when its deletion is forced', async () => {
    const { id } = await show();
    await cloud.client('nova', ['force-delete', id], DEMO);
    await eventually(
      () => virsh('list', '--all', '--name'),
      (names) => !names.includes('instance-'),
    );
    await eventually(
      () => Promise.resolve(disks()),
      (left) => left.length === 0,
    );
    expect(await cloud.refused(['server', 'show', id], DEMO)).toMatch(/No [Ss]erver/);
  }, 100_000);
});

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { Cloud, DEMO, eventually } from './cloud';
import { openConsole, screenAt } from './consoles';
import { IMAGES, shellIn, whyNoRealGuest } from './real-guests';

const BRIDGE = 'brcairne2e';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  readonly fault?: { readonly message: string };
}

/** A real machine, its network, its disks, and nothing left of it afterwards. */
describeWhere(whyNoRealGuest(), 'a real guest', () => {
  const cloud = new Cloud({ firstPort: 21_100, cidr: '10.213.77.0/24', bridge: BRIDGE });
  let key = '';

  const show = (name: string): Promise<Shown> => cloud.openstack<Shown>(['server', 'show', name], DEMO);
  const addressOf = (server: Shown): string => server.addresses['private']?.[0] ?? '';
  const becomes = (name: string, status: string): Promise<Shown> =>
    eventually(
      () => show(name),
      (server) => server.status === status,
      { withinMs: 120_000 },
    );

  const inGuest = (address: string, command: string, good?: (out: string) => boolean): Promise<string> =>
    shellIn(cloud, key, address, command, good);

  const ours = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await cloud.run(program, args)).stdout;
  const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  const cached = (): readonly string[] =>
    readdirSync(join(cloud.state, 'agent'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /sha256\/[0-9a-f]{64}$/.test(name))
      .map((name) => join(cloud.state, 'agent', name));

  /** Ends a process of the cloud, and waits until it is gone. */
  async function end(name: string): Promise<void> {
    const pid =
      readFileSync(join(cloud.state, 'run', `${name}.pid`), 'utf8')
        .trim()
        .split(/\s/)[0] ?? '';
    await cloud.run('kill', [pid]);
    await eventually(
      () => cloud.run('kill', ['-0', pid]),
      ({ status }) => status !== 0,
    );
  }

  beforeAll(async () => {
    await cloud.up();
    const image = join(IMAGES, 'cairn-guest.qcow2');
    await cloud.openstack(['image', 'create', '--disk-format', 'qcow2', '--file', image, 'guest'], DEMO);
    key = cloud.file('key', await cloud.does(['keypair', 'create', 'key'], DEMO));
  }, 600_000);
  afterAll(() => cloud.destroy(), 300_000);

  it('boots, gets its address, key, metadata and user data, and answers SSH [guide 45,51,54]', async () => {
    const data = cloud.file('user-data', '#!/bin/sh\necho ran > /run/cloud/marker\n');
    const create = [
      'server',
      'create',
      '--image',
      'guest',
      '--flavor',
      'm1.tiny',
      '--key-name',
      'key',
      '--user-data',
      data,
    ];
    await cloud.openstack([...create, '--property', 'colour=blue', '--wait', 'one'], DEMO);
    const address = addressOf(await show('one'));
    await inGuest(address, 'cat /run/cloud/marker', (out) => out.trim() === 'ran');
    expect(await inGuest(address, 'hostname')).toMatch(/^one/);
    const metadata = JSON.parse(await inGuest(address, 'cat /run/cloud/meta_data.json')) as Record<string, unknown>;
    expect(metadata).toMatchObject({ uuid: (await show('one')).id, name: 'one', meta: { colour: 'blue' } });
    expect(await inGuest(address, 'cat /run/cloud/user-data')).toContain('echo ran');
    expect(await cloud.does(['console', 'log', 'show', 'one'], DEMO)).toMatch(/CAIRN-GUEST ready/);
  }, 300_000);

  it('shows its screen, and asks for a login at its serial port', async () => {
    const urlOf = async (flag: string): Promise<string> =>
      (await cloud.openstack<{ url: string }>(['console', 'url', 'show', flag, 'one'], DEMO)).url;
    expect(await screenAt(await urlOf('--novnc'))).toMatch(/^QEMU \(instance-/);
    const serial = await openConsole(await urlOf('--serial'));
    const shows = (pattern: RegExp): Promise<string> =>
      eventually(
        () => Promise.resolve(serial.text),
        (text) => pattern.test(text),
      );
    serial.stream.write('\n');
    await shows(/login: /);
    serial.stream.write('nobody\n');
    await shows(/nobody\s+Password: /);
    serial.stream.destroy();
    // what was typed and shown is in the log as well
    expect(await cloud.does(['console', 'log', 'show', 'one'], DEMO)).toMatch(/login: nobody/);
  }, 120_000);

  it('keeps address and disk over reboot, stop and start, and never writes the base image [guide 34,46,73]', async () => {
    const [base = ''] = cached();
    const before = digest(base);
    const address = addressOf(await show('one'));
    await inGuest(address, 'echo kept > /root/kept && sync && echo ok');
    await cloud.does(['server', 'reboot', '--wait', 'one'], DEMO);
    await inGuest(address, 'cat /root/kept', (out) => out.trim() === 'kept');
    await cloud.does(['server', 'stop', 'one'], DEMO);
    await becomes('one', 'SHUTOFF');
    expect(await ours('virsh', '-q', '-c', 'qemu:///system', 'list', '--name')).not.toContain('instance-');
    await cloud.does(['server', 'start', 'one'], DEMO);
    expect(addressOf(await becomes('one', 'ACTIVE'))).toBe(address);
    await inGuest(address, 'cat /root/kept', (out) => out.trim() === 'kept');
    const log = await cloud.does(['console', 'log', 'show', 'one'], DEMO);
    expect(log.split('CAIRN-GUEST ready').length).toBeGreaterThan(2);
    expect(digest(base)).toBe(before);
  }, 400_000);

  it('keeps its memory while it is paused and suspended, also over restarts of agent, libvirtd and cloud', async () => {
    const address = addressOf(await show('one'));
    await inGuest(address, 'echo kept > /run/memory && echo ok');
    await cloud.does(['server', 'pause', 'one'], DEMO);
    await becomes('one', 'PAUSED');
    for (const name of ['agent', 'libvirtd']) await end(name);
    await cloud.up();
    await cloud.does(['server', 'unpause', 'one'], DEMO);
    await becomes('one', 'ACTIVE');
    expect((await inGuest(address, 'cat /run/memory')).trim()).toBe('kept');
    await cloud.does(['server', 'suspend', 'one'], DEMO);
    await becomes('one', 'SUSPENDED');
    await cloud.down();
    await cloud.up();
    await becomes('one', 'SUSPENDED');
    await cloud.does(['server', 'resume', 'one'], DEMO);
    await becomes('one', 'ACTIVE');
    expect((await inGuest(address, 'cat /run/memory')).trim()).toBe('kept');
  }, 400_000);

  it('is followed by its server when it is paused on its host, goes on, and shuts itself down', async () => {
    const address = addressOf(await show('one'));
    const [domain = ''] = (await ours('virsh', '-q', '-c', 'qemu:///system', 'list', '--name')).trim().split('\n');
    await cloud.run('virsh', ['-c', 'qemu:///system', 'suspend', domain]);
    await becomes('one', 'PAUSED');
    await cloud.run('virsh', ['-c', 'qemu:///system', 'resume', domain]);
    await becomes('one', 'ACTIVE');
    await inGuest(address, 'poweroff; echo ok');
    await becomes('one', 'SHUTOFF');
    expect((await cloud.cairn('history', (await show('one')).id)).stdout).toContain('The guest shut down.');
    await cloud.does(['server', 'start', 'one'], DEMO);
    await becomes('one', 'ACTIVE');
    await inGuest(address, 'cat /root/kept', (out) => out.trim() === 'kept');
  }, 400_000);

  it('boots the kernel, ramdisk and disk of the guide as well', async () => {
    const upload = async (name: string, format: string, file: string, ...more: readonly string[]): Promise<string> =>
      (
        await cloud.openstack<{ id: string }>(
          [
            'image',
            'create',
            '--disk-format',
            format,
            '--container-format',
            format,
            '--file',
            join(IMAGES, file),
            ...more,
            name,
          ],
          DEMO,
        )
      ).id;
    const kernel = await upload('kernel', 'aki', 'cairn-guest-vmlinuz');
    const ramdisk = await upload('ramdisk', 'ari', 'cairn-guest-initrd');
    const ids = ['--property', `kernel_id=${kernel}`, '--property', `ramdisk_id=${ramdisk}`];
    await upload('triple', 'ami', 'cairn-guest-root.img', ...ids);
    await cloud.openstack(
      ['server', 'create', '--image', 'triple', '--flavor', 'm1.tiny', '--key-name', 'key', '--wait', 'three'],
      DEMO,
    );
    expect((await inGuest(addressOf(await show('three')), 'hostname')).trim()).toMatch(/^three/);
    await cloud.does(['server', 'delete', '--wait', 'three'], DEMO);
  }, 300_000);

  it('comes back as it was after down and up: what ran runs again, what was stopped stays stopped', async () => {
    await cloud.openstack(['server', 'create', '--image', 'guest', '--flavor', 'm1.tiny', '--wait', 'asleep'], DEMO);
    await cloud.does(['server', 'stop', 'asleep'], DEMO);
    await becomes('asleep', 'SHUTOFF');
    const address = addressOf(await show('one'));
    await cloud.down();
    expect(await ours('ip', '-br', 'link')).not.toContain(BRIDGE);
    expect(await ours('nft', 'list', 'tables')).not.toContain('cairn');
    expect(await ours('pgrep', '-af', `dnsmasq.*${cloud.state}`)).toBe('');
    await cloud.up();
    await becomes('one', 'ACTIVE');
    await inGuest(address, 'cat /root/kept', (out) => out.trim() === 'kept');
    expect((await show('asleep')).status).toBe('SHUTOFF');
    expect(addressOf(await show('one'))).toBe(address);
    await cloud.does(['server', 'delete', '--wait', 'asleep'], DEMO);
  }, 400_000);

  it('turns an image that no host can use into ERROR with a reason, and gives everything back', async () => {
    const whole = readFileSync(join(IMAGES, 'cairn-guest.qcow2'));
    const broken: readonly (readonly [string, Buffer])[] = [
      ['truncated', whole.subarray(0, whole.length / 2)],
      ['not-qcow2', Buffer.alloc(1024 * 1024, 7)],
    ];
    for (const [name, bytes] of broken) {
      const file = cloud.file(`${name}.qcow2`, bytes);
      await cloud.openstack(['image', 'create', '--disk-format', 'qcow2', '--file', file, name], DEMO);
      await cloud.client(
        'openstack',
        ['server', 'create', '--image', name, '--flavor', 'm1.tiny', '--wait', name],
        DEMO,
      );
      const server = await show(name);
      expect(server.status).toBe('ERROR');
      expect(server.fault?.message).toMatch(/No valid host was found.*unacceptable/);
    }
    const stats = await eventually(
      () => cloud.openstack<{ vcpus_used: number }>(['hypervisor', 'stats', 'show']),
      ({ vcpus_used: used }) => used === 1,
    );
    expect(stats.vcpus_used).toBe(1);
    for (const [name] of broken) await cloud.does(['server', 'delete', '--wait', name], DEMO);
  }, 300_000);

  it('deletes a server while it is being built', async () => {
    await cloud.openstack(['server', 'create', '--image', 'guest', '--flavor', 'm1.tiny', 'short'], DEMO);
    await cloud.does(['server', 'delete', '--wait', 'short'], DEMO);
    expect(await cloud.refused(['server', 'show', 'short'], DEMO)).toMatch(/No [Ss]erver/);
  }, 120_000);

  it('leaves no disk, tap, lease, rule or domain of a deleted server', async () => {
    await cloud.does(['server', 'delete', '--wait', 'one'], DEMO);
    expect(await cloud.openstack<unknown[]>(['server', 'list', '--all-projects'])).toEqual([]);
    expect(await ours('virsh', '-q', '-c', 'qemu:///system', 'list', '--all', '--name')).not.toContain('instance-');
    expect(await ours('ip', '-br', 'link')).not.toMatch(/tap/);
    expect(await ours('nft', 'list', 'ruleset')).not.toContain('10.213.77.');
    const disks = readdirSync(join(cloud.state, 'agent'), { recursive: true, encoding: 'utf8' });
    expect(disks.filter((name) => /instances\/.*disk/.test(name))).toEqual([]);
  }, 120_000);
});

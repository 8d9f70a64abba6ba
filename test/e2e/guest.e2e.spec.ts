import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWhere } from '../support/describe-where';

import { DEMO, eventually } from './cloud';
import { consoleUrl, openConsole, screenAt, shows } from './consoles';
import { addressOf, digest, GuestCloud } from './guest-cloud';
import { IMAGES, whyNoRealGuest } from './real-guests';

const BRIDGE = 'brcairne2e';

/** A real machine, its network, its disks, and nothing left of it afterwards. */
describeWhere(whyNoRealGuest(), 'a real guest', () => {
  const cloud = new GuestCloud({ firstPort: 21_100, cidr: '10.213.77.0/24', bridge: BRIDGE });

  const ours = async (program: string, ...args: readonly string[]): Promise<string> =>
    (await cloud.run(program, args)).stdout;
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

  beforeAll(() => cloud.begin());
  afterAll(() => cloud.destroy());

  it('boots, gets its address, key, metadata and user data, and answers SSH [guide 45,51,54]', async () => {
    const data = cloud.file('user-data', '#!/bin/sh\necho ran > /run/cloud/marker\n');
    const one = await cloud.launch('one', { more: ['--user-data', data, '--property', 'colour=blue'] });
    const address = addressOf(one);
    await cloud.holds(address, '/run/cloud/marker', 'ran');
    expect(await cloud.inGuest(address, 'hostname')).toMatch(/^one/);
    const metadata = JSON.parse(await cloud.inGuest(address, 'cat /run/cloud/meta_data.json')) as Record<
      string,
      unknown
    >;
    expect(metadata).toMatchObject({ uuid: one.id, name: 'one', meta: { colour: 'blue' } });
    expect(await cloud.inGuest(address, 'cat /run/cloud/user-data')).toContain('echo ran');
    expect(await cloud.does(['console', 'log', 'show', 'one'], DEMO)).toMatch(/CAIRN-GUEST ready/);
  });

  it('shows its screen, and asks for a login at its serial port', async () => {
    expect(await screenAt(await consoleUrl(cloud, 'novnc', 'one', DEMO))).toMatch(/^QEMU \(instance-/);
    const serial = await openConsole(await consoleUrl(cloud, 'serial', 'one', DEMO));
    serial.stream.write('\n');
    await shows(serial, /login: /);
    serial.stream.write('nobody\n');
    await shows(serial, /nobody\s+Password: /);
    serial.stream.destroy();
    // what was typed and shown is in the log as well
    expect(await cloud.does(['console', 'log', 'show', 'one'], DEMO)).toMatch(/login: nobody/);
  });

  it('keeps address and disk over reboot, stop and start, and never writes the base image [guide 34,46,73]', async () => {
    const [base = ''] = cached();
    const before = digest(base);
    const address = addressOf(await cloud.show('one'));
    await cloud.inGuest(address, 'echo kept > /root/kept && sync && echo ok');
    await cloud.does(['server', 'reboot', '--wait', 'one'], DEMO);
    await cloud.holds(address, '/root/kept', 'kept');
    await cloud.does(['server', 'stop', 'one'], DEMO);
    await cloud.becomes('one', 'SHUTOFF');
    expect(await cloud.virsh('list', '--name')).not.toContain('instance-');
    await cloud.does(['server', 'start', 'one'], DEMO);
    expect(addressOf(await cloud.becomes('one', 'ACTIVE'))).toBe(address);
    await cloud.holds(address, '/root/kept', 'kept');
    const log = await cloud.does(['console', 'log', 'show', 'one'], DEMO);
    expect(log.split('CAIRN-GUEST ready').length).toBeGreaterThan(2);
    expect(digest(base)).toBe(before);
  });

  it('gets a second card while it runs, with a lease of its own, and gives it back', async () => {
    const address = addressOf(await cloud.show('one'));
    const cards = 'ls -d /sys/class/net/eth* /sys/class/net/en* 2>/dev/null | wc -l';
    const before = await cloud.inGuest(address, cards);
    const network = (await cloud.does(['network', 'list', '-f', 'value', '-c', 'ID'])).trim();
    await cloud.does(['server', 'add', 'network', 'one', network], DEMO);
    await cloud.inGuest(address, cards, (out) => Number(out) === Number(before) + 1);
    const { addresses } = await cloud.show('one');
    const another = Object.values(addresses)
      .flat()
      .find((one) => one !== address);
    expect(another).toMatch(/^10\.213\.77\.\d+$/);
    const { stdout: ports } = await cloud.client('nova', ['interface-list', 'one'], DEMO);
    const row = ports.split('\n').find((line) => line.includes(` ${another ?? '?'} `)) ?? '';
    await cloud.does(['server', 'remove', 'port', 'one', row.split('|')[2]?.trim() ?? ''], DEMO);
    await cloud.inGuest(address, cards, (out) => out === before);
    expect(Object.values((await cloud.show('one')).addresses).flat()).toEqual([address]);
  });

  it('keeps its memory while it is paused and suspended, also over restarts of agent, libvirtd and cloud', async () => {
    const address = addressOf(await cloud.show('one'));
    await cloud.inGuest(address, 'echo kept > /run/memory && echo ok');
    await cloud.does(['server', 'pause', 'one'], DEMO);
    await cloud.becomes('one', 'PAUSED');
    for (const name of ['agent', 'libvirtd']) await end(name);
    await cloud.up();
    await cloud.does(['server', 'unpause', 'one'], DEMO);
    await cloud.becomes('one', 'ACTIVE');
    expect((await cloud.inGuest(address, 'cat /run/memory')).trim()).toBe('kept');
    await cloud.does(['server', 'suspend', 'one'], DEMO);
    await cloud.becomes('one', 'SUSPENDED');
    await cloud.down();
    await cloud.up();
    await cloud.becomes('one', 'SUSPENDED');
    await cloud.does(['server', 'resume', 'one'], DEMO);
    await cloud.becomes('one', 'ACTIVE');
    expect((await cloud.inGuest(address, 'cat /run/memory')).trim()).toBe('kept');
  });

  it('is followed by its server when it is paused on its host, goes on, and shuts itself down', async () => {
    const address = addressOf(await cloud.show('one'));
    const [domain = ''] = (await cloud.virsh('list', '--name')).trim().split('\n');
    await cloud.virsh('suspend', domain);
    await cloud.becomes('one', 'PAUSED');
    await cloud.virsh('resume', domain);
    await cloud.becomes('one', 'ACTIVE');
    await cloud.inGuest(address, 'poweroff; echo ok');
    await cloud.becomes('one', 'SHUTOFF');
    expect((await cloud.cairn('history', (await cloud.show('one')).id)).stdout).toContain('The guest shut down.');
    await cloud.does(['server', 'start', 'one'], DEMO);
    await cloud.becomes('one', 'ACTIVE');
    await cloud.holds(address, '/root/kept', 'kept');
  });

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
    const three = await cloud.launch('three', { image: 'triple' });
    expect((await cloud.inGuest(addressOf(three), 'hostname')).trim()).toMatch(/^three/);
    await cloud.does(['server', 'delete', '--wait', 'three'], DEMO);
  });

  it('comes back as it was after down and up: what ran runs again, what was stopped stays stopped', async () => {
    await cloud.openstack(['server', 'create', '--image', 'guest', '--flavor', 'm1.tiny', '--wait', 'asleep'], DEMO);
    await cloud.does(['server', 'stop', 'asleep'], DEMO);
    await cloud.becomes('asleep', 'SHUTOFF');
    const address = addressOf(await cloud.show('one'));
    await cloud.down();
    expect(await ours('ip', '-br', 'link')).not.toContain(BRIDGE);
    expect(await ours('nft', 'list', 'tables')).not.toContain('cairn');
    expect(await ours('pgrep', '-af', `dnsmasq.*${cloud.state}`)).toBe('');
    await cloud.up();
    await cloud.becomes('one', 'ACTIVE');
    await cloud.holds(address, '/root/kept', 'kept');
    expect((await cloud.show('asleep')).status).toBe('SHUTOFF');
    expect(addressOf(await cloud.show('one'))).toBe(address);
    await cloud.does(['server', 'delete', '--wait', 'asleep'], DEMO);
  });

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
      const server = await cloud.show(name);
      expect(server.status).toBe('ERROR');
      expect(server.fault?.message).toMatch(/No valid host was found.*unacceptable/);
    }
    const stats = await eventually(
      () => cloud.openstack<{ vcpus_used: number }>(['hypervisor', 'stats', 'show']),
      ({ vcpus_used: used }) => used === 1,
    );
    expect(stats.vcpus_used).toBe(1);
    for (const [name] of broken) await cloud.does(['server', 'delete', '--wait', name], DEMO);
  });

  it('deletes a server while it is being built', async () => {
    await cloud.openstack(['server', 'create', '--image', 'guest', '--flavor', 'm1.tiny', 'short'], DEMO);
    await cloud.does(['server', 'delete', '--wait', 'short'], DEMO);
    expect(await cloud.refused(['server', 'show', 'short'], DEMO)).toMatch(/No [Ss]erver/);
  });

  it('leaves no disk, tap, lease, rule or domain of a deleted server', async () => {
    await cloud.does(['server', 'delete', '--wait', 'one'], DEMO);
    expect(await cloud.openstack<unknown[]>(['server', 'list', '--all-projects'])).toEqual([]);
    expect(await cloud.virsh('list', '--all', '--name')).not.toContain('instance-');
    expect(await ours('ip', '-br', 'link')).not.toMatch(/tap/);
    expect(await ours('nft', 'list', 'ruleset')).not.toContain('10.213.77.');
    const disks = readdirSync(join(cloud.state, 'agent'), { recursive: true, encoding: 'utf8' });
    expect(disks.filter((name) => /instances\/.*disk/.test(name))).toEqual([]);
  });
});

import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { InstanceSpec } from '@cairn/host-protocol';

import { JobFailure, Retryable } from '../../ports/errors';
import { type ConsolesHarness, guestConsolesContract } from '../../ports/guest-consoles.contract';
import { hypervisorContract } from '../../ports/hypervisor.contract';
import type { DomainSpec } from '../../ports/hypervisor.port';
import { eventually } from '../../testing/eventually';
import { instanceOf, networkOf, nicOf } from '../../testing/specs';
import { runCommand } from '../host-command';
import { tapName } from '../linux-network/names';
import {
  GUEST_IMAGE_PROGRAMS,
  guestImage,
  type GuestImage,
  libvirtLab,
  type LibvirtLab,
  makeOverlay,
  missingHere,
  openDirectory,
} from '../testing/host-lab';

import { qemuPidOf } from './incarnation';
import { LibvirtConsoles } from './libvirt-consoles';
import { LibvirtHypervisor, type LibvirtOptions } from './libvirt-hypervisor';

const BOOT_WITHIN_MS = 90_000;
const missing = missingHere('virsh', 'libvirtd', 'virtlogd', 'qemu-system-x86_64', ...GUEST_IMAGE_PROGRAMS);

/** Names that no running cloud on this machine has. */
const testDomainName = (n: number): string => `instance-7e57${n.toString(16).padStart(4, '0')}`;

describeWhere(missing, 'libvirt on this machine', () => {
  let lab: LibvirtLab;
  let image: GuestImage;
  let stateDir: string;
  beforeAll(async () => {
    lab = await libvirtLab();
    image = await guestImage();
    stateDir = await openDirectory('cairn-libvirt-');
  }, 300_000);
  afterAll(async () => {
    await lab.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  interface LibvirtHarness extends ConsolesHarness {
    readonly hypervisor: LibvirtHypervisor;
    readonly instancesDir: string;
  }

  async function harness(over: Partial<LibvirtOptions> = {}): Promise<LibvirtHarness> {
    const instancesDir = await openDirectory('cairn-instances-');
    // The probe's answer is shared by all tests, as it is by all agents of one boot of the machine.
    const options = { stateDir, instancesDir, hostIp: '127.0.0.1', softStopMs: 20_000, askAgainMs: 2_000, ...over };
    const hypervisor = new LibvirtHypervisor(options);
    const made = new Set<string>();
    const taps = new Set<string>();
    return {
      hypervisor,
      consoles: new LibvirtConsoles(),
      prints: /Linux version/,
      echoes: false,
      instancesDir,
      bootWithinMs: BOOT_WITHIN_MS,
      domain: async (n, overSpec = {}) => {
        const spec = instanceOf(n, { domainName: testDomainName(n), ramMb: 128, ...overSpec });
        made.add(spec.instanceId);
        return domainWithDisks(spec, instancesDir);
      },
      plug: async ({ spec: { instanceId } }, n) => {
        const nic = nicOf(n, networkOf(1));
        const tap = tapName(instanceId, n);
        await runCommand('ip', ['tuntap', 'add', 'dev', tap, 'mode', 'tap']);
        taps.add(tap);
        return { nic, plugged: { tap, mac: nic.mac, mtu: nic.network.mtu } };
      },
      kill: async (instanceId) => {
        const domain = (await hypervisor.list()).find((state) => state.instanceId === instanceId);
        const pid = await qemuPidOf(instanceId, domain?.name ?? '');
        if (pid === null) throw new Error(`no QEMU runs ${instanceId}`);
        process.kill(pid, 'SIGKILL');
      },
      close: async () => {
        for (const instanceId of made) await hypervisor.remove(instanceId);
        for (const tap of taps) await runCommand('ip', ['link', 'delete', 'dev', tap]);
        await rm(instancesDir, { recursive: true, force: true });
      },
    };
  }

  async function domainWithDisks(spec: InstanceSpec, instancesDir: string): Promise<DomainSpec> {
    const directory = join(instancesDir, spec.instanceId);
    await mkdir(directory, { recursive: true });
    const root = join(directory, 'root.qcow2');
    await makeOverlay(root, image.rootFileSystem, 'raw');
    const { kernel, ramdisk } = image;
    return { spec, disks: { root, others: [], kernel, ramdisk }, nics: [] };
  }

  hypervisorContract('libvirt', harness);
  guestConsolesContract('libvirt', harness);

  /** One on each bus. */
  const OTHERS = [
    { role: 'ephemeral', device: 'vdb', bus: 'virtio', type: 'disk', sizeMb: 1, bootIndex: 1 },
    { role: 'ephemeral', device: 'sda', bus: 'scsi', type: 'disk', sizeMb: 1 },
    { role: 'ephemeral', device: 'sdb', bus: 'sata', type: 'disk', sizeMb: 1 },
    { role: 'ephemeral', device: 'sdc', bus: 'usb', type: 'disk', sizeMb: 1 },
    { role: 'swap', device: 'hda', bus: 'ide', type: 'disk', sizeMb: 1 },
    { role: 'config', device: 'hdb', bus: 'ide', type: 'cdrom', format: 'iso9660' },
  ] as const;

  describe('beyond the contract', () => {
    let host: LibvirtHarness;
    const options: Partial<LibvirtOptions> = {};
    beforeEach(async () => {
      host = await harness(options);
    });
    afterEach(() => host.close());

    const consoleShows = (domain: DomainSpec, pattern: RegExp): Promise<string> =>
      eventually(
        `the console shows ${String(pattern)}`,
        async () => {
          const text = await host.hypervisor.readConsole(domain.spec.instanceId, null);
          return pattern.test(text) ? text : undefined;
        },
        { withinMs: BOOT_WITHIN_MS, everyMs: 200 },
      );

    it('boots a disk with its own boot loader, and never writes its base image', async () => {
      const before = await sha256(image.disk);
      const spec = instanceOf(1, { domainName: testDomainName(1) });
      const domain = await host.domain(1);
      await runCommand('rm', [domain.disks.root]);
      await makeOverlay(domain.disks.root, image.disk, 'qcow2');
      const direct: DomainSpec = { spec, disks: { ...domain.disks, kernel: null, ramdisk: null }, nics: [] };
      await host.hypervisor.ensure(direct);
      expect(await consoleShows(direct, /Linux version|login/)).not.toBe('');
      await host.hypervisor.remove(spec.instanceId);
      expect(await sha256(image.disk)).toBe(before);
    }, 180_000);

    it('stops a guest that listens by ACPI, not by pulling its plug', async () => {
      const domain = await host.domain(1);
      await host.hypervisor.ensure(domain);
      await consoleShows(domain, /cairn-guest|login/);
      const stopped = { ...domain, spec: { ...domain.spec, power: 'stopped' as const } };
      await host.hypervisor.ensure(stopped);
      const text = await host.hypervisor.readConsole(domain.spec.instanceId, null);
      expect(text).toMatch(/Power down|reboot: Power down|System halted/i);
    }, 180_000);

    it('shows the guest the disks in order and the SMBIOS of a cloud', async () => {
      const domain = await host.domain(1);
      const others = OTHERS.map((disk) => ({
        ...disk,
        path: join(host.instancesDir, domain.spec.instanceId, `${disk.role}-${disk.device}.img`),
      }));
      for (const { path } of others) await writeFile(path, Buffer.alloc(1024 * 1024));
      const disks = [{ role: 'root', device: 'vda', bus: 'virtio', type: 'disk', bootIndex: 0 } as const, ...OTHERS];
      await host.hypervisor.ensure({
        ...domain,
        spec: { ...domain.spec, disks },
        disks: { ...domain.disks, others, kernel: null, ramdisk: null },
      });
      const dumped = await runCommand('virsh', ['-c', 'qemu:///system', 'dumpxml', domain.spec.instanceId]);
      for (const { device, bus } of OTHERS)
        expect(dumped).toMatch(new RegExp(`<target dev='${device}' bus='${bus}'( tray='closed')?/>`));
      expect(dumped).toContain("<entry name='product'>OpenStack Nova</entry>");
      expect(dumped).toMatch(/<graphics type='vnc' socket='[^']+'>/);
      expect(dumped).not.toMatch(/<graphics [^>]*port=/);
    });

    it('redefines a changed guest and starts it with the change at its next start', async () => {
      const domain = await host.domain(1);
      await host.hypervisor.ensure(domain);
      const first = await host.hypervisor.incarnation(domain.spec.instanceId);
      const larger = { ...domain, spec: { ...domain.spec, ramMb: 160 } };
      await host.hypervisor.ensure(larger);
      expect(await host.hypervisor.incarnation(domain.spec.instanceId)).toBe(first);
      await host.hypervisor.reboot(larger, 'hard');
      const dumped = await runCommand('virsh', ['-c', 'qemu:///system', 'dumpxml', domain.spec.instanceId]);
      expect(dumped).toContain(`<memory unit='KiB'>${String(160 * 1024)}</memory>`);
    });

    it('copies what a guest has written, flat, and writes neither its base nor its disk', async () => {
      const before = await sha256(image.rootFileSystem);
      const domain = await host.domain(1);
      await host.hypervisor.ensure(domain);
      await consoleShows(domain, /cairn-guest|login/);
      const paused = { ...domain, spec: { ...domain.spec, power: 'paused' as const } };
      await host.hypervisor.ensure(paused);
      await host.hypervisor.copyRoot(paused, 'an-image');
      const copy = join(host.instancesDir, domain.spec.instanceId, 'copy-an-image');
      const info = JSON.parse(await runCommand('qemu-img', ['info', '--output=json', copy])) as Record<string, unknown>;
      expect(info['backing-filename']).toBeUndefined();
      await runCommand('qemu-img', ['check', '-q', copy]);
      await host.kill(domain.spec.instanceId);
      // what the guest had written before it was held is in its overlay, and in the copy
      expect(await runCommand('qemu-img', ['compare', '-U', domain.disks.root, copy])).toContain('identical');
      expect(await sha256(image.rootFileSystem)).toBe(before);
      await host.hypervisor.ensure(domain);
      await expect(access(copy)).rejects.toThrow();
    }, 180_000);

    it('copies a disk again after an agent that died while QEMU copied it', async () => {
      const domain = await host.domain(1);
      await host.hypervisor.ensure(domain);
      const folder = join(host.instancesDir, domain.spec.instanceId);
      const job = join(folder, 'job.xml');
      const target = `<target file='${join(folder, 'copy-old.new')}'/>`;
      await writeFile(
        job,
        `<domainbackup mode='push'><disks><disk name='vda' type='file'>${target}</disk></disks></domainbackup>`,
      );
      await runCommand('virsh', ['-c', 'qemu:///system', 'backup-begin', domain.spec.instanceId, job]);
      const copy = await host.hypervisor.copyRoot(domain, 'new');
      expect(copy.sizeBytes).toBeGreaterThan(1024 * 1024);
      expect((await readdir(folder)).filter((name) => name.startsWith('copy-'))).toEqual(['copy-new']);
    }, 180_000);

    it('lists a domain that is not its own under its name, and leaves it alone', async () => {
      const { instanceId } = instanceOf(7);
      const file = join(host.instancesDir, 'foreign.xml');
      await writeFile(
        file,
        `<domain type='qemu'><name>instance-7e57ffff</name><uuid>${instanceId}</uuid><memory unit='MiB'>64</memory>
         <os><type arch='x86_64' machine='pc'>hvm</type></os></domain>`,
      );
      const virsh = (...args: readonly string[]): Promise<string> =>
        runCommand('virsh', ['-c', 'qemu:///system', ...args]);
      await virsh('define', file);
      try {
        const listed = await host.hypervisor.list();
        expect(listed).toContainEqual({ instanceId: '', name: 'instance-7e57ffff', power: 'stopped' });
        await expect(host.hypervisor.remove(instanceId)).rejects.toThrow(/not made by Cairn/);
        expect(await virsh('list', '--all', '--name')).toContain('instance-7e57ffff');
      } finally {
        await virsh('undefine', instanceId);
      }
    });

    it('fails with a reason that a tenant can read', async () => {
      const domain = await host.domain(1, { vcpus: 4096 });
      const failure = await host.hypervisor.ensure(domain).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JobFailure);
      expect(failure).toMatchObject({ code: 'hypervisor.failed', permanent: false });
      expect((failure as JobFailure).message).toMatch(/vcpu|CPUs/i);
      expect((failure as JobFailure).message).not.toContain('error:');
    });

    it('names the directory that keeps QEMU from a disk', async () => {
      const domain = await host.domain(1);
      const closed = join(host.instancesDir, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const root = join(closed, 'root.qcow2');
      await makeOverlay(root, image.rootFileSystem, 'raw');
      await expect(host.hypervisor.ensure({ ...domain, disks: { ...domain.disks, root } })).rejects.toThrow(closed);
    });

    it('asks to be asked again where libvirt does not run', async () => {
      const nowhere = 'qemu:///system?socket=/nonexistent/libvirt-sock';
      const away = new LibvirtHypervisor({
        stateDir,
        instancesDir: host.instancesDir,
        hostIp: '127.0.0.1',
        uri: nowhere,
      });
      await expect(away.list()).rejects.toThrow(Retryable);
    });

    it('keeps the answer of its probe for this boot of the machine', async () => {
      await host.hypervisor.inventory();
      const file = join(stateDir, 'virt-probe.json');
      await access(file);
      const kept = JSON.parse(await readFile(file, 'utf8')) as { bootId: string; virtType: string };
      expect(kept.bootId).toBe((await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim());
      expect(kept.virtType).toBe((await host.hypervisor.inventory()).virtType);
    });
  });
});

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Hardware } from '@cairn/domain';

import { describeWhere } from '../../../../../test/support/describe-where';
import type { DomainSpec } from '../../ports/hypervisor.port';
import { eventually } from '../../testing/eventually';
import { instanceOf } from '../../testing/specs';
import { runCommand, StartedCommand } from '../host-command';
import {
  GUEST_IMAGE_PROGRAMS,
  guestImage,
  libvirtLab,
  type LibvirtLab,
  makeOverlay,
  missingHere,
  openDirectory,
} from '../testing/host-lab';

import { firmwareHere } from './firmware';
import { LibvirtHypervisor } from './libvirt-hypervisor';

const BOOT_WITHIN_MS = 120_000;
const TAP = 'cairnmach0';
const spec = instanceOf(0xac, {
  domainName: 'instance-7e5700ac',
  vcpus: 2,
  ramMb: 256,
  disks: [{ role: 'root', device: 'sda', bus: 'scsi', type: 'disk', bootIndex: 0 }],
});

/** All at once: what one guest can have. */
const HARDWARE: Hardware = {
  machineType: 'q35',
  firmware: { type: 'uefi' },
  cpuTopology: { sockets: 1, cores: 2, threads: 1 },
  diskBus: 'scsi',
  scsiModel: 'virtio-scsi',
  nicModel: 'e1000',
  rng: { bytes: 65_536, periodMs: 1_000 },
  watchdog: 'reset',
  guestAgent: true,
  serialPorts: 2,
  tablet: true,
  video: { model: 'vga', ramMb: 16 },
  bootMenu: true,
  hpet: false,
  hiddenHypervisor: true,
  commandLine: 'root=/dev/sda console=ttyS0 asked-for-by-the-image',
  diskLimits: { totalIops: 10_000 },
};

/** Says what the guest sees, before its system starts. */
const LOOK = `#!/bin/busybox sh
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys
$bb mount -t devtmpfs dev /dev
for module in /modules/*.ko; do $bb insmod $module; done
until [ -b /dev/sda ]; do $bb usleep 50000; done
$bb mount -t ext4 -o ro /dev/sda /newroot
$bb mount --move /sys /newroot/sys
$bb mount --move /dev /newroot/dev
$bb chroot /newroot $bb modprobe virtio_rng
see() { echo "SEEN $*"; }
cd /newroot/sys
see processors $($bb grep -c ^processor /proc/cpuinfo)
for cpu in devices/system/cpu/cpu[0-9]*; do
  see place $($bb cat $cpu/topology/physical_package_id) $($bb cat $cpu/topology/core_id)
done
for device in bus/pci/devices/*; do see pci $($bb cat $device/vendor) $($bb cat $device/device); done
[ ! -d firmware/efi ] || see uefi
see random $($bb head -c 8 /newroot/dev/hwrng | $bb wc -c)
see line $($bb cat /proc/cmdline)
for port in class/tty/ttyS*; do see serial $($bb basename $port) type $($bb cat $port/type); done
for disk in block/sd*; do see disk $($bb basename $disk) $($bb cat $disk/device/vendor); done
see end
$bb poweroff -f
`;

const missing = missingHere('virsh', 'libvirtd', 'virtlogd', 'qemu-system-x86_64', 'ip', ...GUEST_IMAGE_PROGRAMS);

describeWhere(missing, 'a real guest with a special machine', () => {
  let lab: LibvirtLab;
  let directory: string;
  let hypervisor: LibvirtHypervisor;
  let domain: DomainSpec;

  beforeAll(async () => {
    lab = await libvirtLab();
    directory = await openDirectory('cairn-machine-');
    hypervisor = new LibvirtHypervisor({
      stateDir: directory,
      instancesDir: directory,
      hostIp: '127.0.0.1',
      probeLimitMs: 3_000,
    });
    const image = await guestImage();
    const home = join(directory, spec.instanceId);
    await mkdir(join(home, 'look'), { recursive: true });
    await writeFile(join(home, 'look/init'), LOOK);
    await chmod(join(home, 'look/init'), 0o755);
    const archive = new StartedCommand('cpio', [
      '-o',
      '-H',
      'newc',
      '-D',
      join(home, 'look'),
      '-F',
      join(home, 'look.cpio'),
    ]);
    await archive.finish({ input: 'init\n' });
    const ramdisk = join(home, 'ramdisk');
    const usual = await readFile(image.ramdisk);
    const padding = Buffer.alloc(-usual.byteLength & 3); // the kernel looks for a second archive at whole words
    await writeFile(ramdisk, Buffer.concat([usual, padding, await readFile(join(home, 'look.cpio'))]));
    const root = join(home, 'root.qcow2');
    await makeOverlay(root, image.rootFileSystem, 'raw');
    await runCommand('ip', ['tuntap', 'add', 'dev', TAP, 'mode', 'tap']);
    domain = {
      spec: { ...spec, hardware: HARDWARE },
      disks: { root, others: [], kernel: image.kernel, ramdisk },
      nics: [{ mac: 'fa:16:3e:ac:00:01', tap: TAP, mtu: 1450 }],
    };
  }, 300_000);
  afterAll(async () => {
    await hypervisor.remove(spec.instanceId);
    await runCommand('ip', ['link', 'delete', 'dev', TAP]);
    await lab.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('is one that the host says it can make', async () => {
    const { capabilities = [] } = await hypervisor.inventory();
    const words = [
      'machineType:q35',
      'firmware',
      'secureBoot',
      'nicModel:e1000',
      'videoModel:vga',
      'watchdog',
      'diskLimits',
    ];
    expect(words.filter((word) => !capabilities.includes(word))).toEqual([]);
    expect((await firmwareHere()).length).toBeGreaterThan(0);
  });

  it('sees UEFI, its processors’ places, its devices, random numbers and its command line', async () => {
    const { capabilities = [] } = await hypervisor.inventory();
    const cpuLimits = { shares: 2_048, periodUs: 100_000, quotaUs: 400_000 };
    const hardware = capabilities.includes('cpuLimits') ? { ...HARDWARE, cpuLimits } : HARDWARE;
    await hypervisor.ensure({ ...domain, spec: { ...domain.spec, hardware } });
    const console = await eventually(
      'the guest has looked',
      async () => {
        const text = await hypervisor.readConsole(spec.instanceId, null);
        return /SEEN end/.test(text) ? text : undefined;
      },
      { withinMs: BOOT_WITHIN_MS, everyMs: 200 },
    );
    const seen = [...console.matchAll(/SEEN (.*?)\r?$/gm)].map(([, line]) => line ?? '');
    expect(seen).toEqual(expect.arrayContaining(['uefi', 'processors 2', 'place 0 0', 'place 0 1', 'random 8']));
    expect(seen.find((line) => line.startsWith('line '))).toContain(HARDWARE.commandLine);
    // the bridge of a Q35, an e1000, an i6300esb, a USB controller for the tablet
    for (const id of ['0x8086 0x29c0', '0x8086 0x100e', '0x8086 0x25ab', '0x1b36 0x000d'])
      expect(seen).toContain(`pci ${id}`);
    expect(seen).toContain('disk sda QEMU');
    expect(seen).toEqual(expect.arrayContaining(['serial ttyS0 type 4', 'serial ttyS1 type 4']));
  }, 180_000);

  it('keeps the variables of its firmware until its root disk is made again', async () => {
    const home = join(directory, spec.instanceId);
    const variables = async (): Promise<readonly string[]> =>
      (await readdir(home)).filter((name) => name.endsWith('.fd'));
    const stopped = { ...domain, spec: { ...domain.spec, power: 'stopped' as const } };
    await hypervisor.ensure(stopped);
    expect(await variables()).toEqual(['nvram.fd']);
    const rootId = '6f1c0000-0000-4000-8000-000000000001';
    const remade = { ...stopped, spec: { ...stopped.spec, rootId } };
    await hypervisor.ensure(remade);
    expect(await variables()).toEqual([]);
    await hypervisor.remove(spec.instanceId);
    expect(await variables()).toEqual([]);
  });
});

import { disksOf } from '@cairn/host-protocol';

import type { DomainSpec } from '../../ports/hypervisor.port';
import { instanceOf, networkOf, nicOf } from '../../testing/specs';

import { domainDefinition, type HostTraits, markOf, nameOf } from './domain-xml';

const host: HostTraits = {
  virtType: 'tcg',
  emulator: '/usr/bin/qemu-system-x86_64',
  cache: 'none',
  consoleLog: '/var/lib/cairn/instances/i/console.log',
  loader: null,
};

const guest: DomainSpec = {
  spec: instanceOf(0x2a, { vcpus: 2, ramMb: 512 }),
  disks: { root: '/i/disk', others: [], kernel: null, ramdisk: null },
  nics: [{ mac: 'fa:16:3e:00:00:01', tap: 'tap0123456789a', mtu: 1450 }],
};

/** The guest with these disks, each in a file of the name of its role. */
function withDisks(over: Partial<DomainSpec['spec']>): Pick<DomainSpec, 'spec' | 'disks'> {
  const spec = { ...guest.spec, ...over };
  const others = disksOf(spec).flatMap((disk) => (disk.role === 'root' ? [] : [{ ...disk, path: `/i/${disk.role}` }]));
  return { spec, disks: { ...guest.disks, others } };
}

const xmlOf = (over: Partial<DomainSpec> = {}, traits: Partial<HostTraits> = {}): string =>
  domainDefinition({ ...guest, ...over }, { ...host, ...traits }).xml;

/** The attributes of every disk, in order: format, file, name in the guest. */
const disksIn = (xml: string): readonly string[] =>
  [...xml.matchAll(/<driver name='qemu' type='(\w+)'[^>]*>\s*<source file='([^']*)'\/>\s*<target dev='(\w+)'/g)].map(
    ([, format, file, target]) => `${String(target)}=${String(file)} (${String(format)})`,
  );

describe('the libvirt domain of an instance', () => {
  it('has the size, the name and the id of the instance', () => {
    const xml = xmlOf();
    expect(xml).toContain('<name>instance-0000002a</name>');
    expect(xml).toContain(`<uuid>${guest.spec.instanceId}</uuid>`);
    expect(xml).toContain("<memory unit='MiB'>512</memory>");
    expect(xml).toContain('<vcpu>2</vcpu>');
  });

  it('is emulated by TCG with a small translation cache, or runs on KVM with the CPU that was probed', () => {
    expect(xmlOf()).toMatch(/^<domain type='qemu'>[^]*<tb-cache unit='MiB'>64<\/tb-cache>/);
    expect(xmlOf()).not.toContain('<cpu ');
    const kvm = xmlOf({}, { virtType: 'kvm' });
    expect(kvm).toMatch(/^<domain type='kvm'>[^]*<cpu mode='host-passthrough'/);
    expect(kvm).not.toContain('<tcg>');
  });

  it('boots from its disk, or directly where it has a kernel', () => {
    expect(xmlOf()).toContain("<boot dev='hd'/>");
    const direct = xmlOf({ disks: { ...guest.disks, kernel: '/k', ramdisk: '/r' } });
    expect(direct).toMatch(
      /<kernel>\/k<\/kernel>\s*<initrd>\/r<\/initrd>\s*<cmdline>root=\/dev\/vda console=ttyS0<\/cmdline>/,
    );
    expect(direct).not.toContain('<boot ');
    expect(xmlOf({ disks: { ...guest.disks, kernel: '/k' } })).not.toContain('<initrd>');
  });

  it('numbers its disks without a gap, as the guest will', () => {
    expect(disksIn(xmlOf())).toEqual(['vda=/i/disk (qcow2)']);
    expect(disksIn(xmlOf(withDisks({ ephemeralGb: 1, swapMb: 64 })))).toEqual([
      'vda=/i/disk (qcow2)',
      'vdb=/i/ephemeral (raw)',
      'vdc=/i/swap (raw)',
    ]);
    expect(disksIn(xmlOf(withDisks({ swapMb: 64 })))).toEqual(['vda=/i/disk (qcow2)', 'vdb=/i/swap (raw)']);
  });

  it('has the disks of its flavor to the letter as in the first release: a running guest would be defined again', () => {
    const xml = xmlOf(withDisks({ swapMb: 64 }));
    const drawn = (format: string, file: string, name: string): string => `    <disk type='file' device='disk'>
      <driver name='qemu' type='${format}' cache='none' discard='unmap'/>
      <source file='${file}'/>
      <target dev='${name}' bus='virtio'/>
    </disk>`;
    const devices = [drawn('qcow2', '/i/disk', 'vda'), drawn('raw', '/i/swap', 'vdb')].join('\n');
    expect(xml).toContain(`</emulator>\n${devices}\n    <controller type='usb' model='none'/>\n`);
    expect(xml).toContain("    <type arch='x86_64' machine='pc'>hvm</type>\n    <boot dev='hd'/>\n");
  });

  const disk = { bus: 'virtio', type: 'disk' } as const;
  const listed = [
    { role: 'root', device: 'sda', bus: 'scsi', type: 'disk', bootIndex: 0 },
    { role: 'ephemeral', device: 'vda', ...disk, sizeMb: 1024, bootIndex: 1 },
    { role: 'swap', device: 'vdb', ...disk, sizeMb: 64 },
    { role: 'config', device: 'hda', bus: 'ide', type: 'cdrom', format: 'iso9660' },
  ] as const;

  it('has the disks that are listed on their buses, and boots from them in their order', () => {
    const xml = xmlOf(withDisks({ disks: listed }));
    expect(disksIn(xml)).toEqual([
      'sda=/i/disk (qcow2)',
      'vda=/i/ephemeral (raw)',
      'vdb=/i/swap (raw)',
      'hda=/i/config (raw)',
    ]);
    expect(xml).not.toContain('<boot dev=');
    expect(xml).toMatch(/<target dev='sda' bus='scsi'\/>\s*<boot order='1'\/>/);
    expect(xml).toMatch(/<target dev='vda' bus='virtio'\/>\s*<boot order='2'\/>/);
    expect(xml.match(/<boot /g)).toHaveLength(2);
    expect([...xml.matchAll(/<serial>(\w+)<\/serial>/g)].map(([, serial]) => serial)).toEqual([
      'root',
      'ephemeral0',
      'swap',
      'config',
    ]);
    expect(
      [...xml.matchAll(/<address type='pci' domain='0x0000' bus='0x00' slot='(\w+)'/g)].map(([, slot]) => slot),
    ).toEqual(['0x11', '0x12']);
    expect(xml).toMatch(/<disk type='file' device='cdrom'>[^]*?<target dev='hda' bus='ide'\/>\s*<readonly\/>/);
    expect(xml).toContain("<controller type='scsi' model='virtio-scsi'/>");
    expect(xml).toContain("<controller type='usb' model='none'/>");
    const onUsb = xmlOf(withDisks({ disks: [{ ...listed[0], bus: 'usb' }] }));
    expect(onUsb).toContain("<controller type='usb' model='qemu-xhci'/>");
  });

  it('leaves the order to its kernel, which finds the root disk by its name', () => {
    const { spec, disks } = withDisks({ disks: listed });
    const xml = xmlOf({ spec, disks: { ...disks, kernel: '/k' } });
    expect(xml).not.toContain('<boot ');
    expect(xml).toContain('<cmdline>root=/dev/sda console=ttyS0</cmdline>');
  });

  it('has rescue disk, root disk and configuration drive while it is rescued', () => {
    const { spec, disks } = withDisks({ disks: listed });
    const xml = xmlOf({ spec, disks: { ...disks, rescue: '/i/rescue' } });
    expect(disksIn(xml)).toEqual(['vda=/i/rescue (qcow2)', 'vdb=/i/disk (qcow2)', 'hda=/i/config (raw)']);
    expect(xml.match(/<boot order='1'/g)).toHaveLength(1);
    const onScsi = { ...spec, hardware: { diskBus: 'scsi' } as const };
    const rescued = xmlOf({ spec: onScsi, disks: { ...disks, others: [], rescue: '/i/rescue', kernel: '/k' } });
    expect(disksIn(rescued)).toEqual(['sda=/i/rescue (qcow2)', 'sdb=/i/disk (qcow2)']);
    expect(rescued).toContain('root=/dev/sda ');
  });

  it.each([
    ['as in a definition without a list', {}, ['vda=/i/disk (qcow2)', 'vdb=/i/rescue (qcow2)']],
    [
      'behind listed ones',
      { disks: listed },
      [...disksIn(xmlOf(withDisks({ disks: listed }))), 'vdc=/i/rescue (qcow2)'],
    ],
  ])('keeps all its disks where the rescue disk comes besides: %s', (_what, over, files) => {
    const rescue = { ...guest.spec, disk: { bus: 'virtio', type: 'disk' } as const };
    const { spec, disks } = withDisks({ ...over, rescue });
    const xml = xmlOf({ spec, disks: { ...disks, rescue: '/i/rescue' } });
    expect(disksIn(xml)).toEqual(files);
    expect(xml.match(/<boot [^>]*>/g)).toEqual(["<boot order='1'/>"]);
    expect(xml).toMatch(/<source file='\/i\/rescue'\/>\s*<target [^>]*>\s*<boot order='1'\/>/);
    const slots = [...xml.matchAll(/<disk [^]*?<\/disk>/g)].map(([each]) => /slot='(0x1[0-9a-f])'/.exec(each)?.[1]);
    const others = slots.slice(0, -1).filter((slot) => slot !== undefined);
    if (others.length > 0) expect(Number(slots.at(-1))).toBeGreaterThan(Math.max(...others.map(Number)));
    const kernel = xmlOf({ spec, disks: { ...disks, rescue: '/i/rescue', kernel: '/k' } });
    expect(kernel).toContain(`root=/dev/${String(files.at(-1)).slice(0, 3)} `);
    expect(kernel).not.toContain('<boot ');
  });

  it('has a rescue disk on the bus and of the kind that its image asks for', () => {
    const rescue = { ...guest.spec, disk: { bus: 'ide', type: 'cdrom' } as const };
    const xml = xmlOf({ spec: { ...guest.spec, rescue }, disks: { ...guest.disks, rescue: '/i/rescue' } });
    expect(xml).toMatch(/device='cdrom'>[^]*\/i\/rescue[^]*<target dev='hda' bus='ide'\/>\s*<readonly\/>/);
  });

  it('has a network interface at the place that is told', () => {
    const nics = [{ ...nicOf(1, networkOf(1)), slot: 8 }];
    expect(xmlOf({ spec: { ...guest.spec, nics } })).toMatch(
      /<interface [^]*<address type='pci' domain='0x0000' bus='0x00' slot='0x8' function='0x0'\/>\s*<\/interface>/,
    );
    expect(xmlOf()).not.toMatch(/<interface [^]*<address type='pci'[^]*<\/interface>/);
  });

  it('opens the tap that the network made, and leaves making it to the network', () => {
    expect(xmlOf()).toMatch(
      /<interface type='ethernet'>\s*<mac address='fa:16:3e:00:00:01'\/>\s*<target dev='tap0123456789a' managed='no'\/>/,
    );
    expect(xmlOf({ nics: [] })).not.toContain('<interface');
  });

  it('shows its screen on the loopback only and appends to its console log', () => {
    expect(xmlOf()).toContain("<graphics type='vnc'><listen type='socket'/></graphics>");
    expect(xmlOf()).toContain(`<log file='${host.consoleLog}' append='on'/>`);
  });

  it('has a channel to the guest agent of an image that holds one', () => {
    expect(xmlOf()).not.toContain('<channel');
    const spec = { ...guest.spec, hardware: { guestAgent: true } as const };
    expect(xmlOf({ spec })).toMatch(/<channel type='unix'><target type='virtio' name='org\.qemu\.guest_agent\.0'\/>/);
  });

  it('tells a guest that looks at its SMBIOS that it is in an OpenStack cloud', () => {
    expect(xmlOf()).toContain("<smbios mode='sysinfo'/>");
    expect(xmlOf()).toContain("<entry name='product'>OpenStack Nova</entry>");
    expect(xmlOf()).toContain(`<entry name='uuid'>${guest.spec.instanceId}</entry>`);
  });

  it('keeps text text, whatever it holds', () => {
    const disks = { ...guest.disks, root: `/i/a'b"c<d>&e` };
    expect(xmlOf({ disks })).toContain("<source file='/i/a&apos;b&quot;c&lt;d&gt;&amp;e'/>");
    expect(() => xmlOf({ disks: { ...disks, root: '/i/\u0000' } })).toThrow(RangeError);
  });

  it('has no line that is empty or holds what is absent', () => {
    expect(xmlOf()).not.toMatch(/^\s*$\n|undefined|null/m);
  });
});

describe('the mark on a domain', () => {
  it('is found again with the digest of what was defined', () => {
    const { xml, digest } = domainDefinition(guest, host);
    expect(markOf(xml)).toEqual({ instanceId: guest.spec.instanceId, digest });
    expect(nameOf(xml)).toBe('instance-0000002a');
  });

  it('is the same for the same definition and another for any other', () => {
    const digestOf = (domain: DomainSpec, traits: HostTraits): string => domainDefinition(domain, traits).digest;
    expect(digestOf(guest, host)).toBe(digestOf({ ...guest }, { ...host }));
    expect(digestOf({ ...guest, nics: [] }, host)).not.toBe(digestOf(guest, host));
    expect(digestOf(guest, { ...host, cache: 'writeback' })).not.toBe(digestOf(guest, host));
  });

  it('does not change with the power state, which is no part of the definition', () => {
    const stopped: DomainSpec = { ...guest, spec: { ...guest.spec, power: 'stopped' } };
    expect(domainDefinition(stopped, host).digest).toBe(domainDefinition(guest, host).digest);
  });

  it('is not seen on domains of others, also when they speak of it', () => {
    expect(markOf('<domain><name>instance-00000001</name></domain>')).toBeNull();
    expect(markOf("<domain><metadata><cairn:instance xmlns:cairn='urn:other' id='x'/></metadata></domain>")).toBeNull();
    const talk =
      '<description>&lt;cairn:instance xmlns:cairn=&apos;urn:cairn:instance:1&apos; id=&apos;x&apos;/&gt;</description>';
    expect(markOf(`<domain>${talk}</domain>`)).toBeNull();
  });
});

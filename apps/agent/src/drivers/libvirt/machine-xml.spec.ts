import type { DiskBus, Hardware } from '@cairn/domain';

import type { DomainSpec } from '../../ports/hypervisor.port';
import { instanceOf } from '../../testing/specs';

import { domainDefinition, type HostTraits } from './domain-xml';
import type { Firmware } from './firmware';

const host: HostTraits = {
  virtType: 'tcg',
  emulator: '/usr/bin/qemu-system-x86_64',
  cache: 'none',
  consoleLog: '/i/console.log',
  loader: null,
};

const guest: DomainSpec = {
  spec: instanceOf(0x2a, { vcpus: 4 }),
  disks: { root: '/i/disk', others: [], kernel: '/i/kernel', ramdisk: null },
  nics: [{ mac: 'fa:16:3e:00:00:01', tap: 'tap0123456789a', mtu: 1450 }],
};

const linesOf = (hardware: Hardware | undefined, traits: Partial<HostTraits> = {}): readonly string[] => {
  const spec = hardware === undefined ? guest.spec : { ...guest.spec, hardware };
  return domainDefinition({ ...guest, spec }, { ...host, ...traits })
    .xml.split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('<cairn:instance'));
};

/** What is in the definition of a guest with that hardware and not in one without (+), and the reverse (-). */
function changes(hardware: Hardware, traits: Partial<HostTraits> = {}): readonly string[] {
  const [usual, special] = [linesOf(undefined, { ...traits, loader: null }), linesOf(hardware, traits)];
  return [
    ...usual.filter((line) => !special.includes(line)).map((line) => `-${line}`),
    ...special.filter((line) => !usual.includes(line)).map((line) => `+${line}`),
  ];
}

const KVM = { virtType: 'kvm' } as const;

describe('the machine of a guest', () => {
  it('is the usual one when nothing is special of it', () => {
    expect(linesOf({})).toEqual(linesOf(undefined));
  });

  it.each<readonly [Hardware, readonly string[]]>([
    [
      { machineType: 'q35' },
      ["-<type arch='x86_64' machine='pc'>hvm</type>", "+<type arch='x86_64' machine='q35'>hvm</type>"],
    ],
    [{ bootMenu: true }, ["+<bootmenu enable='yes'/>"]],
    [
      { commandLine: 'root=LABEL=<x>' },
      ['-<cmdline>root=/dev/vda console=ttyS0</cmdline>', '+<cmdline>root=LABEL=&lt;x&gt;</cmdline>'],
    ],
    [
      { cpuTopology: { sockets: 1, cores: 2, threads: 2 } },
      ["+<cpu><topology sockets='1' cores='2' threads='2'/></cpu>"],
    ],
    [
      { cpuLimits: { shares: 512, periodUs: 20_000, quotaUs: -1 } },
      ['+<cputune><shares>512</shares>', '+<period>20000</period>', '+<quota>-1</quota></cputune>'],
    ],
    [{ osType: 'windows' }, ["-<clock offset='utc'/>", "+<clock offset='localtime'/>"]],
    [{ hpet: false }, ["-<clock offset='utc'/>", "+<clock offset='utc'><timer name='hpet' present='no'/></clock>"]],
    [{ hiddenHypervisor: true }, ["+<kvm><hidden state='on'/></kvm>"]],
    [{ pmu: false }, ["+<pmu state='off'/>"]],
    [{ scsiModel: 'lsilogic' }, []],
    [{ nicModel: 'e1000' }, ["-<model type='virtio'/>", "+<model type='e1000'/>"]],
    [
      { nicLimits: { inbound: { average: 100, peak: 200, burst: 50 }, outbound: { average: 10 } } },
      ["+<bandwidth><inbound average='100' peak='200' burst='50'/><outbound average='10'/></bandwidth>"],
    ],
    [
      { diskLimits: { readBytes: 10, totalIops: 5 } },
      ['+<iotune><read_bytes_sec>10</read_bytes_sec>', '+<total_iops_sec>5</total_iops_sec></iotune>'],
    ],
    [{ video: { model: 'none' } }, ["-<video><model type='cirrus'/></video>", "+<video><model type='none'/></video>"]],
    [
      { video: { ramMb: 16 } },
      ["-<video><model type='cirrus'/></video>", "+<video><model type='cirrus' vram='16384'/></video>"],
    ],
    [
      { serialPorts: 3 },
      ["+<serial type='pty'><target port='1'/></serial>", "+<serial type='pty'><target port='2'/></serial>"],
    ],
    [{ inputBus: 'virtio' }, ["+<input type='tablet' bus='virtio'/>", "+<input type='keyboard' bus='virtio'/>"]],
    [
      { tablet: true },
      [
        "-<controller type='usb' model='none'/>",
        "+<controller type='usb' model='qemu-xhci'/>",
        "+<input type='tablet' bus='usb'/>",
      ],
    ],
    [{ guestAgent: true }, ["+<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"]],
    [{ watchdog: 'reset' }, ["+<watchdog model='i6300esb' action='reset'/>"]],
    [{ rng: 'none' }, ["-<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"]],
    [
      { rng: { bytes: 100, periodMs: 500 } },
      [
        "-<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
        "+<rng model='virtio'><rate bytes='100' period='500'/><backend model='random'>/dev/urandom</backend></rng>",
      ],
    ],
  ])('with %j is another one in that alone', (hardware, lines) => {
    expect(changes(hardware)).toEqual(lines);
  });

  it('has the controller of its disks on SCSI, and Linux’s name of its root disk', () => {
    const on = (bus: DiskBus, device: string, hardware: Hardware): readonly string[] => {
      const disks = [{ role: 'root', bus, device, type: 'disk' } as const];
      const domain = { ...guest, spec: { ...guest.spec, disks, hardware } };
      return domainDefinition(domain, host)
        .xml.split('\n')
        .map((line) => line.trim());
    };
    expect(on('scsi', 'sda', { diskBus: 'scsi' })).toContain("<controller type='scsi' model='virtio-scsi'/>");
    expect(on('scsi', 'sda', { scsiModel: 'lsilogic' })).toEqual(
      expect.arrayContaining([
        "<controller type='scsi' model='lsilogic'/>",
        "<target dev='sda' bus='scsi'/>",
        '<cmdline>root=/dev/sda console=ttyS0</cmdline>',
      ]),
    );
    expect(on('ide', 'hda', {})).toContain('<cmdline>root=/dev/sda console=ttyS0</cmdline>');
  });

  it('keeps the processors of the host on KVM, however they are arranged', () => {
    expect(changes({ cpuTopology: { sockets: 2, cores: 2, threads: 1 } }, KVM)).toEqual([
      "-<cpu mode='host-passthrough' migratable='on'/>",
      "+<cpu mode='host-passthrough' migratable='on'><topology sockets='2' cores='2' threads='1'/></cpu>",
    ]);
  });

  it('gives Windows on KVM what Hyper-V gives it', () => {
    const given = changes({ osType: 'windows' }, KVM);
    expect(given).toContain('+<hyperv>');
    expect(given).toContain("+<clock offset='localtime'><timer name='hypervclock' present='yes'/></clock>");
  });

  const firmware: Firmware = {
    executable: '/f/CODE.fd',
    variables: '/f/VARS.fd',
    secureBoot: false,
    smm: false,
    machines: [],
  };

  it('boots by UEFI with variables of its own', () => {
    const loader = { firmware, variables: '/i/nvram.fd' };
    expect(changes({ firmware: { type: 'uefi' } }, { loader })).toEqual([
      "+<loader readonly='yes' type='pflash'>/f/CODE.fd</loader>",
      "+<nvram template='/f/VARS.fd'>/i/nvram.fd</nvram>",
    ]);
    const secured = { firmware: { ...firmware, secureBoot: true, smm: true }, variables: '/i/nvram.fd' };
    expect(changes({ firmware: { type: 'uefi', secureBoot: 'required' } }, { loader: secured })).toEqual([
      "+<loader readonly='yes' secure='yes' type='pflash'>/f/CODE.fd</loader>",
      "+<nvram template='/f/VARS.fd'>/i/nvram.fd</nvram>",
      "+<smm state='on'/>",
    ]);
  });
});

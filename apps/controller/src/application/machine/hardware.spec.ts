import { DomainError, type ExtraSpecs, type Hardware, type ImageProperties, own } from '@cairn/domain';

import { machineOf, RULES } from './hardware';
import { REFUSALS } from './refusals';

const FLAVOR = { flavorId: 'f', name: 'm1', vcpus: 8, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 };

const made = (properties: ImageProperties = {}, extraSpecs: ExtraSpecs = {}): Hardware | undefined =>
  machineOf({ imageId: 'i', name: 'debian', properties }, { flavor: FLAVOR, extraSpecs }).hardware;

function refusal(properties: ImageProperties, extraSpecs: ExtraSpecs = {}): string {
  try {
    return `made: ${JSON.stringify(made(properties, extraSpecs))}`;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.kind).toBe('invalid');
    return error.message;
  }
}

type Case = readonly [ImageProperties, ExtraSpecs, Hardware | undefined];

const CASES: readonly Case[] = [
  [{ hw_machine_type: 'q35' }, {}, { machineType: 'q35' }],
  [{ hw_machine_type: 'pc' }, {}, undefined],
  [{ hw_machine_type: 'pc-i440fx-7.2' }, {}, { machineType: 'pc-i440fx-7.2' }],
  [{ hw_firmware_type: 'bios' }, {}, undefined],
  [{ hw_firmware_type: 'uefi' }, {}, { firmware: { type: 'uefi' } }],
  [
    { hw_firmware_type: 'uefi', hw_machine_type: 'q35', os_secure_boot: 'optional' },
    {},
    { machineType: 'q35', firmware: { type: 'uefi', secureBoot: 'optional' } },
  ],
  [
    { hw_firmware_type: 'uefi', hw_machine_type: 'pc-q35-7.2' },
    { 'os:secure_boot': 'required' },
    { machineType: 'pc-q35-7.2', firmware: { type: 'uefi', secureBoot: 'required' } },
  ],
  [{ hw_firmware_type: 'uefi', os_secure_boot: 'optional' }, {}, { firmware: { type: 'uefi' } }],
  [{ os_secure_boot: 'disabled' }, {}, undefined],
  [{ os_require_quiesce: 'yes', os_admin_user: 'admin' }, {}, undefined],
  [{ hw_boot_menu: 'yes' }, {}, { bootMenu: true }],
  [{ hw_boot_menu: 'no' }, { 'hw:boot_menu': 'true' }, undefined],
  [{}, { 'hw:boot_menu': 'True' }, { bootMenu: true }],
  [{ os_command_line: 'root=LABEL=x quiet' }, {}, { commandLine: 'root=LABEL=x quiet' }],
  [{ os_type: 'Windows' }, {}, { osType: 'windows' }],
  [{ os_type: 'linux' }, {}, undefined],
  [{ hw_time_hpet: 'false' }, {}, { hpet: false }],
  [{ img_hide_hypervisor_id: 'true' }, {}, { hiddenHypervisor: true }],
  [{}, { hide_hypervisor_id: 'true' }, { hiddenHypervisor: true }],
  [{ img_hide_hypervisor_id: 'false' }, { 'hw:hide_hypervisor_id': 'yes' }, { hiddenHypervisor: true }],
  [{ hw_disk_bus: 'scsi', hw_scsi_model: 'lsilogicsas' }, {}, { diskBus: 'scsi', scsiModel: 'lsisas1068' }],
  [{ hw_disk_bus: 'IDE', hw_cdrom_bus: 'sata' }, {}, { diskBus: 'ide', cdromBus: 'sata' }],
  [{ hw_vif_model: 'VirtualE1000' }, {}, { nicModel: 'e1000' }],
  [{ hw_vif_model: 'ne2k_pci' }, {}, { nicModel: 'ne2k_pci' }],
  [{ hw_vif_multiqueue_enabled: 'true' }, { 'hw:vif_multiqueue_enabled': 'yes' }, undefined],
  [{ hw_rng_model: 'virtio' }, {}, undefined],
  [{ hw_rng_model: 'virtio' }, { 'hw_rng:allowed': 'false' }, { rng: 'none' }],
  [{}, { 'hw_rng:rate_bytes': '100', 'hw_rng:rate_period': '1000' }, { rng: { bytes: 100, periodMs: 1000 } }],
  [{}, { 'hw_rng:rate_bytes': '100' }, undefined],
  [{ hw_watchdog_action: 'reset' }, { 'hw:watchdog_action': 'pause' }, { watchdog: 'reset' }],
  [{ hw_watchdog_action: 'disabled' }, { 'hw:watchdog_action': 'pause' }, undefined],
  [{}, { 'hw:watchdog_action': 'poweroff' }, { watchdog: 'poweroff' }],
  [{ hw_qemu_guest_agent: 'yes' }, {}, { guestAgent: true }],
  [{ hw_qemu_guest_agent: 'no' }, {}, undefined],
  [{ hw_rescue_bus: 'fdc', hw_rescue_device: 'cdrom' }, {}, undefined],
  [{ hw_serial_port_count: '2' }, { 'hw:serial_port_count': '3' }, { serialPorts: 2 }],
  [{}, { 'hw:serial_port_count': '3' }, { serialPorts: 3 }],
  [{ hw_serial_port_count: '1' }, {}, undefined],
  [{ hw_pmu: 'false' }, { 'hw:pmu': 'no' }, { pmu: false }],
  [
    { hw_video_model: 'qxl', hw_video_ram: '16' },
    { 'hw_video:ram_max_mb': '32' },
    { video: { model: 'qxl', ramMb: 16 } },
  ],
  [{ hw_video_model: 'none' }, { 'hw_video:ram_max_mb': '32' }, { video: { model: 'none' } }],
  [{ hw_pointer_model: 'usbtablet' }, {}, { tablet: true }],
  [{ hw_pointer_model: 'usbtablet', hw_input_bus: 'virtio' }, {}, { inputBus: 'virtio' }],
  [
    {},
    { 'quota:cpu_shares': '512', 'quota:cpu_period': '20000', 'quota:cpu_quota': '10000' },
    { cpuLimits: { shares: 512, periodUs: 20000, quotaUs: 10000 } },
  ],
  [{}, { 'quota:cpu_quota': '-1' }, { cpuLimits: { quotaUs: -1 } }],
  [
    {},
    { 'quota:disk_read_bytes_sec': '1000', 'quota:disk_total_iops_sec': '10', 'quota:disk_write_bytes_sec': '0' },
    { diskLimits: { readBytes: 1000, totalIops: 10 } },
  ],
  [
    {},
    { 'quota:vif_inbound_average': '100', 'quota:vif_inbound_burst': '50', 'quota:vif_outbound_average': '9' },
    { nicLimits: { inbound: { average: 100, burst: 50 }, outbound: { average: 9 } } },
  ],
];

describe('the virtual machine of a server', () => {
  it('is as every other without properties that say anything of it', () => {
    expect(made()).toBeUndefined();
    expect(made({ os_distro: 'debian', constructor: 'x' }, { ssd: 'true', constructor: 'x' })).toBeUndefined();
  });

  it.each(CASES)('is made of image %j and flavor %j: %j', (properties, extraSpecs, hardware) => {
    expect(made(properties, extraSpecs)).toEqual(hardware);
  });

  it('is tried with each property that there is', () => {
    const tried = new Set(CASES.flatMap(([image, specs]) => [...Object.keys(image), ...Object.keys(specs)]));
    const all = RULES.flatMap(({ image, specs }) => [...Object.keys(image), ...Object.keys(specs)]);
    const elsewhere = /cpu_(max_)?(sockets|cores|threads)$|_(peak|burst|iops_sec|bytes_sec)$/;
    expect(all.filter((name) => !tried.has(name) && !elsewhere.test(name))).toEqual([]);
  });

  it('needs, later, only what says something of it', () => {
    const properties = { hw_qemu_guest_agent: 'yes', os_distro: 'debian' };
    const { imageProperties } = machineOf({ imageId: 'i', properties }, { flavor: FLAVOR });
    expect(imageProperties).toEqual({ hw_qemu_guest_agent: 'yes' });
  });
});

describe('a virtual machine is refused', () => {
  it.each<readonly [ImageProperties, ExtraSpecs, string]>([
    [{ hw_vif_model: 'e2000' }, {}, 'Invalid image metadata. Error: Field value e2000 is invalid'],
    [
      { hw_vif_model: 'spapr-vlan' },
      {},
      "Invalid image metadata. Error: Requested hardware 'spapr-vlan' is not supported by the 'qemu' virt driver",
    ],
    [
      { hw_disk_bus: 'ide', hw_machine_type: 'q35' },
      {},
      "Machine type 'q35' is not compatible with image debian (i): it has no IDE",
    ],
    [
      { hw_cdrom_bus: 'virtio' },
      {},
      "Invalid image metadata. Error: Requested hardware 'virtio' is not supported by the 'qemu' virt driver",
    ],
    [{ hw_cpu_cores: 'two' }, {}, "Invalid image metadata. Error: invalid literal for int() with base 10: 'two'"],
    [{}, { 'hw:cpu_cores': 'two' }, "Invalid flavor extra spec. Error: invalid literal for int() with base 10: 'two'"],
    [
      { hw_video_ram: '8' },
      {},
      'The requested amount of video memory 8 is higher than the maximum allowed by flavor 0.',
    ],
    [
      { hw_serial_port_count: '3' },
      { 'hw:serial_port_count': '2' },
      'Forbidden to exceed flavor value of number of serial ports passed in image meta.',
    ],
    [
      { hw_pmu: 'true' },
      { 'hw:pmu': 'false' },
      'Flavor m1 has hw:pmu extra spec explicitly set to False, conflicting with image debian which has hw_pmu ' +
        'explicitly set to True.',
    ],
    [
      { hw_vif_multiqueue_enabled: 'false' },
      { 'hw:vif_multiqueue_enabled': 'true' },
      'Flavor m1 has hw:vif_multiqueue_enabled extra spec explicitly set to True, conflicting with image debian which ' +
        'has hw_vif_multiqueue_enabled explicitly set to False.',
    ],
    [{ os_secure_boot: 'required' }, {}, 'Secure Boot is not supported by host'],
    [{ os_secure_boot: 'required', hw_firmware_type: 'uefi' }, {}, 'Secure Boot is not supported by host'],
    [
      { os_secure_boot: 'optional' },
      { 'os:secure_boot': 'disabled' },
      'Flavor m1 has os:secure_boot extra spec explicitly set to disabled, conflicting with image debian which has ' +
        'os_secure_boot explicitly set to optional.',
    ],
    [{}, { 'quota:cpu_period': '10' }, 'Invalid flavor extra spec. Error: 10 is less than 1000'],
    [
      {},
      { 'quota:cpu_quota': '10' },
      'Invalid flavor extra spec. Error: quota:cpu_quota must be at least 1000, or negative for no limit',
    ],
    [
      {},
      { 'quota:disk_total_bytes_sec': '10', 'quota:disk_read_bytes_sec': '5' },
      'Invalid flavor extra spec. Error: total and read/write of bytes_sec cannot be set at the same time',
    ],
    [{}, { 'quota:vif_outbound_peak': '5' }, 'Invalid flavor extra spec. Error: quota:vif_outbound_average is missing'],
    [{}, { 'pci_passthrough:alias': 'gpu:1' }, 'PCI alias gpu is not defined'],
    [{ hw_mem_page_size: 'large' }, {}, "Page size large forbidden against '<empty>'"],
    [
      { hw_mem_encryption: ' true' },
      {},
      'The image property hw_mem_encryption ( true) is not supported by the hosts of this cloud.',
    ],
    [
      { hw_cpu_policy: 'dedicated' },
      {},
      'The image property hw_cpu_policy (dedicated) is not supported by the hosts of this cloud.',
    ],
    [
      {},
      { 'hw:numa_nodes': '2' },
      'The extra spec hw:numa_nodes (2) of the flavor m1 is not supported by the hosts of this cloud.',
    ],
    [
      { 'trait:HW_CPU_X86_AVX2': 'required' },
      {},
      'The image property trait:HW_CPU_X86_AVX2 (required) is not supported by the hosts of this cloud.',
    ],
  ])('for image %j and flavor %j: %s', (properties, extraSpecs, message) => {
    expect(refusal(properties, extraSpecs)).toBe(message);
  });

  it.each(REFUSALS.flatMap(({ names, harmlessWords }) => names.map((name) => [name, harmlessWords] as const)))(
    'for %s, unless it is %s',
    (name, harmlessWords) => {
      const asked = own({ 'hw:mem_page_size': '1GB', hw_numa_nodes: '4' }, name) ?? 'true';
      const isSpec = name.includes(':') && !/^trait:/.test(name);
      const given = (value: string): string =>
        isSpec ? refusal({}, { [name.replace('N', '0')]: value }) : refusal({ [name.replace('N', '0')]: value });
      expect(given(asked)).not.toMatch(/^made/);
      const [harmless] = /(?<=`)[^`]+(?=`)/.exec(harmlessWords) ?? [''];
      expect(given(harmless)).toBe('made: undefined');
    },
  );
});

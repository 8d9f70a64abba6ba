import { createHash } from 'node:crypto';

import type { Hardware } from '@cairn/domain';

import type { DomainSpec, PluggedNic } from '../../ports/hypervisor.port';

import { atSlot, bootedOf, bootFrom, controllers, disk, filesOf } from './disk-xml';
import {
  clock,
  cpu,
  cpuTune,
  devices,
  diskTune,
  features,
  inputs,
  type Loader,
  loader,
  nicTune,
  rng,
  serialPorts,
  usesUsb,
  video,
} from './machine-xml';
import { attributeOf, type Xml, unescapeXml, xml } from './xml';

/** How QEMU opens an image file: `none` (O_DIRECT) keeps guests' data out of the host's page cache, where the file system can. */
export type CacheMode = 'none' | 'writeback';

export interface HostTraits {
  readonly virtType: 'kvm' | 'tcg';
  readonly emulator: string;
  readonly cache: CacheMode;
  /** File that the serial console is appended to, by virtlogd. */
  readonly consoleLog: string;
  /** The firmware of a guest that boots by UEFI; null for the usual BIOS. */
  readonly loader: Loader | null;
}

/** Marks a domain as Cairn's: a name like `instance-00000001` alone may as well be nova's. */
const NAMESPACE = 'urn:cairn:instance:1';
/** QEMU would take up to a quarter of the guest's memory for translated code; 64 MiB boots as fast and costs less. */
const TB_CACHE_MIB = 64;
const DEFINITION_PLACEHOLDER = 'not-computed-yet';

export interface DomainDefinition {
  readonly xml: string;
  /** Digest of the whole definition; a different digest means that the domain must be redefined. */
  readonly digest: string;
}

/** The libvirt domain of an instance. Pure: the same instance on the same host gives the same text. */
export function domainDefinition(domain: DomainSpec, host: HostTraits): DomainDefinition {
  const unmarked = domainXml(domain, host, DEFINITION_PLACEHOLDER).text;
  const digest = createHash('sha256').update(unmarked).digest('hex');
  return { xml: domainXml(domain, host, digest).text, digest };
}

/** What `domainDefinition` left in a domain's metadata, or null for a domain that is not Cairn's. */
export function markOf(dumpedXml: string): { readonly instanceId: string; readonly digest: string } | null {
  const element = /<cairn:instance [^>]*>/.exec(dumpedXml)?.[0];
  if (element === undefined || attributeOf(element, 'xmlns:cairn') !== NAMESPACE) return null;
  return { instanceId: attributeOf(element, 'id') ?? '', digest: attributeOf(element, 'definition') ?? '' };
}

/** The `<name>` of a domain as libvirt dumps it. */
export const nameOf = (dumpedXml: string): string => unescapeXml(/<name>([^<]*)<\/name>/.exec(dumpedXml)?.[1] ?? '');

/** The path of the root disk of a domain as libvirt dumps it; '' for one without disks. */
export const rootOf = (dumpedXml: string): string =>
  attributeOf(/<source file=[^>]*>/.exec(dumpedXml)?.[0] ?? '', 'file') ?? '';

function domainXml(domain: DomainSpec, host: HostTraits, digest: string): Xml {
  const { spec } = domain;
  const { hardware = {} } = spec;
  const isKvm = host.virtType === 'kvm';
  const files = filesOf(domain);
  return xml`<domain type='${isKvm ? 'kvm' : 'qemu'}'>
  <name>${spec.domainName}</name>
  <uuid>${spec.instanceId}</uuid>
  <metadata>
    <cairn:instance xmlns:cairn='${NAMESPACE}' id='${spec.instanceId}' definition='${digest}'/>
  </metadata>
  <memory unit='MiB'>${spec.ramMb}</memory>
  <vcpu>${spec.vcpus}</vcpu>
${cpuTune(hardware)}
${sysinfo(domain)}
${os(domain, host.loader)}
  <features>
    <acpi/>
    <apic/>
${features(hardware, isKvm, host.loader)}
${isKvm ? null : xml`    <tcg><tb-cache unit='MiB'>${TB_CACHE_MIB}</tb-cache></tcg>`}
  </features>
${cpu(hardware, isKvm)}
${clock(hardware, isKvm)}
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>${host.emulator}</emulator>
${files.map((file) => disk(file, host.cache, diskTune(hardware)))}
${controllers(files, usesUsb(hardware), hardware.scsiModel ?? 'virtio-scsi')}
${domain.nics.map((each, i) => nic(each, hardware, spec.nics[i]?.slot))}
    <serial type='pty'>
      <log file='${host.consoleLog}' append='on'/>
      <target port='0'/>
    </serial>
${serialPorts(hardware)}
${inputs(hardware)}
    <graphics type='vnc'><listen type='socket'/></graphics>
${video(hardware)}
${devices(hardware)}
    <memballoon model='virtio'><stats period='10'/></memballoon>
${rng(hardware)}
  </devices>
</domain>
`;
}

/** nova's SMBIOS strings: cloud-init looks for the product name before it asks 169.254.169.254 for anything. */
const sysinfo = ({ spec }: DomainSpec): Xml => xml`  <sysinfo type='smbios'>
    <system>
      <entry name='manufacturer'>OpenStack Foundation</entry>
      <entry name='product'>OpenStack Nova</entry>
      <entry name='version'>26.1.0</entry>
      <entry name='serial'>${spec.instanceId}</entry>
      <entry name='uuid'>${spec.instanceId}</entry>
      <entry name='family'>Virtual Machine</entry>
    </system>
  </sysinfo>`;

/** With a kernel of its own (ami, aki and ari images) the guest is booted directly, else by the disk's boot loader. */
function os(domain: DomainSpec, given: Loader | null): Xml {
  const { spec, disks } = domain;
  const { kernel, ramdisk } = disks;
  const { machineType = 'pc', bootMenu, ...hardware } = spec.hardware ?? {};
  const commandLine = disks.rescue === undefined ? hardware.commandLine : undefined;
  const boot =
    kernel === null
      ? bootFrom(spec)
      : xml`    <kernel>${kernel}</kernel>
${ramdisk === null ? null : xml`    <initrd>${ramdisk}</initrd>`}
    <cmdline>${commandLine ?? `root=/dev/${rootName(domain)} console=ttyS0`}</cmdline>`;
  return xml`  <os>
    <type arch='x86_64' machine='${machineType}'>hvm</type>
${loader(given)}
${boot}
${bootMenu === true ? xml`    <bootmenu enable='yes'/>` : null}
    <smbios mode='sysinfo'/>
  </os>`;
}

/** As Linux names it, for which a disk on IDE is one like any other. */
const rootName = (domain: DomainSpec): string => bootedOf(domain).device.replace(/^hd/, 'sd');

/** Of one NIC of a domain, for a guest that is in memory already. */
export const nicXml = (plugged: PluggedNic, { hardware = {}, nics }: DomainSpec['spec'], index: number): string =>
  nic(plugged, hardware, nics[index]?.slot).text;

/** `managed='no'`: the tap is HostNetwork's, with its bridge and its rules; libvirt only opens it. */
const nic = (
  { mac, tap, mtu }: PluggedNic,
  hardware: Hardware,
  slot: number | undefined,
): Xml => xml`    <interface type='ethernet'>
      <mac address='${mac}'/>
      <target dev='${tap}' managed='no'/>
      <model type='${hardware.nicModel ?? 'virtio'}'/>
      <mtu size='${mtu}'/>
${nicTune(hardware)}
${atSlot(slot)}
    </interface>`;

import type { Bandwidth, Hardware } from '@cairn/domain';

import type { Firmware } from './firmware';
import { Xml, xml } from './xml';

/** The parts of a domain that image and flavor change. Without hardware, each is as every guest has it. */

/** The firmware of a guest, and the file of its variables. */
export interface Loader {
  readonly firmware: Firmware;
  readonly variables: string;
}

export const loader = (given: Loader | null): Xml | null =>
  given === null
    ? null
    : xml`    <loader readonly='yes'${given.firmware.secureBoot ? xml` secure='yes'` : null} type='pflash'>${given.firmware.executable}</loader>
    <nvram template='${given.firmware.variables}'>${given.variables}</nvram>`;

/** `kvm` has the processors of the host; emulation those that QEMU gives by default. */
export function cpu({ cpuTopology }: Hardware, isKvm: boolean): Xml | null {
  const mode = isKvm ? xml` mode='host-passthrough' migratable='on'` : null;
  if (cpuTopology === undefined) return mode === null ? null : xml`  <cpu${mode}/>`;
  const { sockets, cores, threads } = cpuTopology;
  return xml`  <cpu${mode}><topology sockets='${sockets}' cores='${cores}' threads='${threads}'/></cpu>`;
}

export function cpuTune({ cpuLimits = {} }: Hardware): Xml | null {
  const { shares, periodUs, quotaUs } = cpuLimits;
  const parts = elements({ shares, period: periodUs, quota: quotaUs });
  return parts.length === 0 ? null : xml`  <cputune>${parts}</cputune>`;
}

/** What Hyper-V offers its guests, as nova 26.1 gives it to Windows. QEMU has it with KVM only. */
const HYPERV = xml`    <hyperv>
      <relaxed state='on'/>
      <vapic state='on'/>
      <spinlocks state='on' retries='8191'/>
      <vpindex state='on'/>
      <runtime state='on'/>
      <synic state='on'/>
      <reset state='on'/>
      <frequencies state='on'/>
      <tlbflush state='on'/>
      <ipi state='on'/>
    </hyperv>`;

/** Besides ACPI and APIC. */
export const features = ({ osType, hiddenHypervisor, pmu }: Hardware, isKvm: boolean, given: Loader | null): Xml[] => [
  ...(osType === 'windows' && isKvm ? [HYPERV] : []),
  ...(hiddenHypervisor === true ? [xml`    <kvm><hidden state='on'/></kvm>`] : []),
  ...(pmu === undefined ? [] : [xml`    <pmu state='${pmu ? 'on' : 'off'}'/>`]),
  ...(given?.firmware.smm === true ? [xml`    <smm state='on'/>`] : []),
];

export function clock({ osType, hpet }: Hardware, isKvm: boolean): Xml {
  const offset = osType === 'windows' ? 'localtime' : 'utc';
  const timers = [
    ...(hpet === undefined ? [] : [xml`<timer name='hpet' present='${hpet ? 'yes' : 'no'}'/>`]),
    ...(osType === 'windows' && isKvm ? [xml`<timer name='hypervclock' present='yes'/>`] : []),
  ];
  return timers.length === 0 ? xml`  <clock offset='${offset}'/>` : xml`  <clock offset='${offset}'>${timers}</clock>`;
}

/** The limits of a disk. */
export function diskTune({ diskLimits = {} }: Hardware): Xml | null {
  const { readBytes, writeBytes, totalBytes, readIops, writeIops, totalIops } = diskLimits;
  const parts = elements({
    total_bytes_sec: totalBytes,
    read_bytes_sec: readBytes,
    write_bytes_sec: writeBytes,
    total_iops_sec: totalIops,
    read_iops_sec: readIops,
    write_iops_sec: writeIops,
  });
  return parts.length === 0 ? null : xml`      <iotune>${parts}</iotune>`;
}

/** The limits of a network interface. */
export function nicTune({ nicLimits }: Hardware): Xml | null {
  if (nicLimits === undefined) return null;
  const { inbound, outbound } = nicLimits;
  return xml`      <bandwidth>${bandwidth('inbound', inbound)}${bandwidth('outbound', outbound)}</bandwidth>`;
}

const bandwidth = (name: string, limits: Bandwidth | undefined): Xml | null =>
  limits === undefined
    ? null
    : xml`<${new Xml(name)} average='${limits.average}'${attribute('peak', limits.peak)}${attribute('burst', limits.burst)}/>`;

export const serialPorts = ({ serialPorts: ports = 1 }: Hardware): Xml[] =>
  Array.from({ length: ports - 1 }, (_, i) => xml`    <serial type='pty'><target port='${i + 1}'/></serial>`);

export const video = ({ video: { model = 'cirrus', ramMb } = {} }: Hardware): Xml =>
  xml`    <video><model type='${model}'${attribute('vram', ramMb === undefined ? undefined : ramMb * 1024)}/></video>`;

export const usesUsb = ({ inputBus, tablet }: Hardware): boolean => inputBus === 'usb' || tablet === true;

export function inputs({ inputBus, tablet }: Hardware): Xml[] {
  if (inputBus !== undefined)
    return ['tablet', 'keyboard'].map((type) => xml`    <input type='${type}' bus='${inputBus}'/>`);
  return tablet === true ? [xml`    <input type='tablet' bus='usb'/>`] : [];
}

/** Devices that only some guests have. */
export const devices = ({ guestAgent, watchdog }: Hardware): Xml[] => [
  // libvirt chooses where its end of the channel is; `virsh qemu-agent-command` finds it
  ...(guestAgent === true
    ? [xml`    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>`]
    : []),
  ...(watchdog === undefined ? [] : [xml`    <watchdog model='i6300esb' action='${watchdog}'/>`]),
];

/** The source of random numbers. */
export function rng({ rng: source }: Hardware): Xml | null {
  if (source === 'none') return null;
  const rate = source === undefined ? null : xml`<rate bytes='${source.bytes}' period='${source.periodMs}'/>`;
  return xml`    <rng model='virtio'>${rate}<backend model='random'>/dev/urandom</backend></rng>`;
}

/** One for each number that is there. */
const elements = (numbers: Readonly<Record<string, number | undefined>>): readonly Xml[] =>
  Object.entries(numbers).flatMap(([name, value]) =>
    value === undefined ? [] : [new Xml(`<${name}>${String(value)}</${name}>`)],
  );

const attribute = (name: string, value: number | undefined): Xml | null =>
  value === undefined ? null : new Xml(` ${name}='${String(value)}'`);

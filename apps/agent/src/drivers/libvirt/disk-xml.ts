import { diskNameOf, type RescueDisk, rootNameOf } from '@cairn/domain';
import { type DiskIdentity, type DiskSpec, disksOf, identitiesOf } from '@cairn/host-protocol';

import type { DomainSpec, OtherDisk } from '../../ports/hypervisor.port';

import { type Xml, xml } from './xml';

/** What a guest boots from in a definition that does not list its disks; null where each disk says its place. */
export const bootFrom = (spec: DomainSpec['spec']): Xml | null =>
  spec.disks === undefined && spec.rescue?.disk === undefined ? xml`    <boot dev='hd'/>` : null;

const rootOfSpec = (spec: DomainSpec['spec']): DiskSpec => {
  const root = disksOf(spec).find(({ role }) => role === 'root');
  if (root === undefined) throw new Error('a guest without a root disk');
  return root;
};

interface File extends Pick<DiskSpec, 'bus' | 'type' | 'device'>, Partial<DiskIdentity> {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  /** From 1; null where the definition says the order otherwise, or not at all. */
  readonly order: number | null;
}

/** The disks in the order of their names, without a gap, since the guest counts them so whatever we write. */
export function filesOf(domain: DomainSpec): readonly File[] {
  const { rescue } = domain.disks;
  if (rescue === undefined) return ownFiles(domain);
  const { disk } = domain.spec.rescue ?? {};
  return disk === undefined ? rescuedInstead(domain, rescue) : rescuedBeside(domain, rescue, disk);
}

/** The one that the guest is booted from. */
export const bootedOf = (domain: DomainSpec): File => {
  const files = filesOf(domain);
  const booted = domain.spec.rescue?.disk === undefined ? files[0] : files.at(-1);
  if (booted === undefined) throw new Error('a guest without a disk');
  return booted;
};

function ownFiles(domain: DomainSpec): readonly File[] {
  const { spec, disks } = domain;
  const own = rootOfSpec(spec);
  const identities = identitiesOf(spec.disks ?? []);
  const root = { ...own, path: disks.root, format: 'qcow2', order: orderOf(domain, own) } as const;
  return [root, ...disks.others.map((disk) => otherFile(domain, disk))].map((file, i) => ({
    ...file,
    ...identities[i],
  }));
}

/** Where each disk says its place, and no kernel is given to the guest. */
const isOrdered = ({ spec, disks: { kernel } }: DomainSpec): boolean => spec.disks !== undefined && kernel === null;

const orderOf = (domain: DomainSpec, { bootIndex }: DiskSpec): number | null =>
  isOrdered(domain) && bootIndex !== undefined ? bootIndex + 1 : null;

const otherFile = (domain: DomainSpec, disk: OtherDisk): File => ({
  ...disk,
  format: 'raw',
  order: orderOf(domain, disk),
});

/** The rescue disk, the root disk and the configuration drive, as in nova, on the bus that the server's image asks for. */
function rescuedInstead(domain: DomainSpec, rescue: string): readonly File[] {
  const { hardware = {} } = domain.spec;
  const like = { bus: hardware.diskBus ?? 'virtio', type: 'disk', format: 'qcow2' } as const;
  const prefix = rootNameOf({}, hardware).slice(0, 2);
  return [
    { ...like, device: `${prefix}a`, path: rescue, order: isOrdered(domain) ? 1 : null },
    { ...like, device: `${prefix}b`, path: domain.disks.root, order: null },
    ...domain.disks.others
      .filter(({ role }) => role === 'config')
      .map((disk) => (disk.device.startsWith(prefix) ? { ...disk, device: `${prefix}c` } : disk))
      .map((disk) => otherFile(domain, disk)),
  ];
}

/** All the guest's own disks in their places, and the rescue disk after them. */
function rescuedBeside(domain: DomainSpec, rescue: string, given: RescueDisk): readonly File[] {
  const own = ownFiles(domain).map((file) => ({ ...file, order: null }));
  const device = diskNameOf(given.bus, new Set(own.map((file) => file.device)));
  const order = domain.disks.kernel === null ? 1 : null;
  return [...own, { ...given, ...slotBehind(own, given), device, path: rescue, format: 'qcow2', order }];
}

/**
 * A guest names its virtio disks in the order of their slots: one without a place of its own would get a free one before
 * those that have one, and every disk another name.
 */
function slotBehind(own: readonly File[], { bus }: RescueDisk): Pick<DiskIdentity, 'slot'> {
  const slots = own.flatMap(({ slot }) => (slot === undefined ? [] : [slot]));
  return bus === 'virtio' && slots.length > 0 ? { slot: Math.max(...slots) + 1 } : {};
}

export const disk = (
  { path, format, bus, type, device, order, serial, slot }: File,
  cache: string,
  tune: Xml | null,
): Xml => xml`    <disk type='file' device='${type}'>
      <driver name='qemu' type='${format}' cache='${cache}'${type === 'disk' ? xml` discard='unmap'` : null}/>
      <source file='${path}'/>
      <target dev='${device}' bus='${bus}'/>
${type === 'cdrom' ? xml`      <readonly/>` : null}
${order === null ? null : xml`      <boot order='${order}'/>`}
${serial === undefined ? null : xml`      <serial>${serial}</serial>`}
${atSlot(slot)}
${tune}
    </disk>`;

/** The place of a device on the first PCI bus. */
export const atSlot = (slot: number | undefined): Xml | null =>
  slot === undefined
    ? null
    : xml`      <address type='pci' domain='0x0000' bus='0x00' slot='0x${slot.toString(16)}' function='0x0'/>`;

/** Controllers that libvirt would not make, or make otherwise, for the buses of the disks. */
export function controllers(files: readonly File[], usesUsb: boolean, scsiModel: string): readonly Xml[] {
  const has = (bus: DiskSpec['bus']): boolean => files.some((file) => file.bus === bus);
  return [
    ...(has('scsi') ? [xml`    <controller type='scsi' model='${scsiModel}'/>`] : []),
    usesUsb || has('usb')
      ? xml`    <controller type='usb' model='qemu-xhci'/>`
      : xml`    <controller type='usb' model='none'/>`,
  ];
}

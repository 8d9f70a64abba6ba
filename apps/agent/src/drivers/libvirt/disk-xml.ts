import { rootNameOf } from '@cairn/domain';
import { type DiskIdentity, type DiskSpec, disksOf, identitiesOf } from '@cairn/host-protocol';

import type { DomainSpec, OtherDisk } from '../../ports/hypervisor.port';

import { type Xml, xml } from './xml';

/** What a guest boots from in a definition that does not list its disks; null where each disk says its place. */
export const bootFrom = ({ disks }: DomainSpec['spec']): Xml | null =>
  disks === undefined ? xml`    <boot dev='hd'/>` : null;

export const rootOfSpec = (spec: DomainSpec['spec']): DiskSpec => {
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

/**
 * The disks in the order of their names, without a gap, since the guest counts them so whatever we write. A rescued guest
 * has the disk that it boots from, its root disk and its configuration drive, as in nova, on the bus that its image asks for.
 */
export function filesOf({ spec, disks: { root, rescue, others, kernel } }: DomainSpec): readonly File[] {
  const ordered = spec.disks !== undefined && kernel === null;
  const orderOf = ({ bootIndex }: DiskSpec): number | null =>
    ordered && bootIndex !== undefined ? bootIndex + 1 : null;
  const own = rootOfSpec(spec);
  const other = (disk: OtherDisk): File => ({ ...disk, format: 'raw', order: orderOf(disk) });
  if (rescue === undefined) {
    const identities = identitiesOf(spec.disks ?? []);
    const files = [{ ...own, path: root, format: 'qcow2', order: orderOf(own) } as const, ...others.map(other)];
    return files.map((file, i) => ({ ...file, ...identities[i] }));
  }
  const { hardware = {} } = spec;
  const like = { bus: hardware.diskBus ?? 'virtio', type: 'disk', format: 'qcow2' } as const;
  const prefix = rootNameOf({}, hardware).slice(0, 2);
  return [
    { ...like, device: `${prefix}a`, path: rescue, order: ordered ? 1 : null },
    { ...like, device: `${prefix}b`, path: root, order: null },
    ...others
      .filter(({ role }) => role === 'config')
      .map((disk) => other(disk.device.startsWith(prefix) ? { ...disk, device: `${prefix}c` } : disk)),
  ];
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
${slot === undefined ? null : xml`      <address type='pci' domain='0x0000' bus='0x00' slot='0x${slot.toString(16)}' function='0x0'/>`}
${tune}
    </disk>`;

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

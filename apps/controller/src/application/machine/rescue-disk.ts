import {
  type DiskBus,
  DISK_BUSES,
  DISK_TYPES,
  DomainError,
  type Hardware,
  type ImageProperties,
  own,
  type RescueDisk,
} from '@cairn/domain';

/** The properties of a rescue image by which the guest keeps all its disks while it is rescued (compute API 2.87). */
const BUS = 'hw_rescue_bus';
const DEVICE = 'hw_rescue_device';

/**
 * How a rescue image asks to be given to the guest; undefined for one that takes the place of the root disk.
 * @param hardware of the server
 * @param buses that the host of the server has
 * @throws DomainError `invalid`, in nova's words, for what the hypervisor does not have.
 */
export function rescueDiskOf(
  properties: ImageProperties,
  hardware: Hardware,
  buses: readonly string[],
): RescueDisk | undefined {
  const [device, bus] = [own(properties, DEVICE), own(properties, BUS)];
  if (device === undefined && bus === undefined) return undefined;
  const type = DISK_TYPES.find((known) => known === (device ?? 'disk'));
  if (type === undefined) throw invalid(`Requested rescue device '${device ?? ''}' is not supported`);
  const usual = usualBus(type, properties, hardware);
  const found = DISK_BUSES.find((known) => known === (bus ?? usual));
  if (found === undefined || !buses.includes(found) || !isFor(found, type, hardware))
    throw invalid(`Requested rescue bus '${bus ?? usual}' is not supported by the 'qemu' virt driver`);
  return { type, bus: found };
}

const isQ35 = ({ machineType = '' }: Hardware): boolean => machineType.includes('q35');

const usualBus = (type: RescueDisk['type'], properties: ImageProperties, hardware: Hardware): string =>
  type === 'disk'
    ? (own(properties, 'hw_disk_bus') ?? 'virtio')
    : (own(properties, 'hw_cdrom_bus') ?? (isQ35(hardware) ? 'sata' : 'ide'));

/** The newer machine has no IDE, and virtio no CDs. */
const isFor = (bus: DiskBus, type: RescueDisk['type'], hardware: Hardware): boolean =>
  !(bus === 'ide' && isQ35(hardware)) && !(bus === 'virtio' && type === 'cdrom');

const invalid = (message: string): DomainError => new DomainError('invalid', 'machine.no-rescue-device', message);

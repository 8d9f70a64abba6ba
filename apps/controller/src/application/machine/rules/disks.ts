import { DISK_BUSES, DISK_TYPES, DomainError, type Hardware, SCSI_MODELS } from '@cairn/domain';

import { rule, type Rule } from '../rule';
import { oneOf, type Values } from '../values';

/** Words of nova's, `offered` the ones that there is something for. */
const among = (known: readonly string[], offered: readonly string[]): Values<string> => ({
  ...oneOf(known),
  words: oneOf(offered).words,
});

const OTHER_BUSES = ['fdc', 'xen', 'lxc', 'uml'];
const CD_BUSES = DISK_BUSES.filter((bus) => bus !== 'virtio');

export const diskRules: readonly Rule[] = [
  rule({
    image: { hw_disk_bus: oneOf(DISK_BUSES, { others: OTHER_BUSES }) },
    effect:
      'The bus of the disks for which a launch names none. nova shows them as `vda` on `virtio`, `sda` on `scsi`, `sata` and `usb`, ' +
      '`hda` on `ide`, which a `q35` machine has not. Default: `virtio`.',
    gives: ({ image: { hw_disk_bus: diskBus } }) => (diskBus === undefined ? {} : { diskBus }),
  }),
  rule({
    image: { hw_cdrom_bus: oneOf(CD_BUSES, { others: ['virtio', ...OTHER_BUSES] }) },
    effect: 'The bus of a configuration drive that is a CD. Default: `ide`; on a `q35` machine `sata`.',
    gives: ({ image: { hw_cdrom_bus: cdromBus } }) => (cdromBus === undefined ? {} : { cdromBus }),
  }),
  rule({
    image: {
      hw_scsi_model: oneOf(SCSI_MODELS, {
        aliases: { lsilogicsas: 'lsisas1068', paravirtual: 'vmpvscsi' },
        others: ['buslogic', 'ibmvscsi'],
      }),
    },
    effect: 'The controller of disks on the bus `scsi`. Default: `virtio-scsi`.',
    gives: ({ image: { hw_scsi_model: scsiModel } }) => (scsiModel === undefined ? {} : { scsiModel }),
  }),
  rule({
    image: {
      hw_rescue_bus: among([...DISK_BUSES, ...OTHER_BUSES], DISK_BUSES),
      hw_rescue_device: among([...DISK_TYPES, 'floppy', 'fs', 'lun'], DISK_TYPES),
    },
    effect:
      'Of an image that servers are rescued with: the guest keeps all its disks in their places, gets this one besides and ' +
      'boots from it. One of the two is enough. Without them the rescue disk takes the place of the root disk, which comes second.',
    gives: () => ({}),
  }),
];

/** @throws DomainError `invalid`, nova's InvalidMachineType, for disks on a bus that the machine has not. */
export function requireBuses(
  { machineType = 'pc', diskBus, cdromBus }: Hardware,
  { name, id }: Readonly<Record<'name' | 'id', string>>,
): void {
  if (!machineType.includes('q35') || (diskBus !== 'ide' && cdromBus !== 'ide')) return;
  const message = `Machine type '${machineType}' is not compatible with image ${name} (${id}): it has no IDE`;
  throw new DomainError('invalid', 'machine.no-bus', message);
}

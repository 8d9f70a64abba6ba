import { type DiskBus, identitiesOf, pciAddress } from '@cairn/domain';
import type { Guest } from '../../application/server/guest';

/** Buses as nova names them; it has no word for SATA. */
const BUSES: Readonly<Record<DiskBus, string>> = { virtio: 'pci', scsi: 'scsi', ide: 'ide', usb: 'usb', sata: 'none' };

/** `devices` of meta_data.json: the disks that the tenant has tagged, and where the guest finds them. */
export function taggedDisks({ disks }: Guest): readonly object[] {
  const identities = identitiesOf(disks);
  return disks.flatMap(({ tag, bus }, i) => {
    const { serial = '', slot } = identities[i] ?? {};
    if (tag === undefined) return [];
    const address = slot === undefined ? 'none' : pciAddress(slot);
    return [{ type: 'disk', bus: BUSES[bus], address, serial, tags: [tag] }];
  });
}

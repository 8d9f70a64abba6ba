import { type DiskBus, identitiesOf, pciAddress } from '@cairn/domain';
import type { Guest } from '../../application/server/guest';

/** Buses as nova names them; it has no word for SATA. */
const BUSES: Readonly<Record<DiskBus, string>> = { virtio: 'pci', scsi: 'scsi', ide: 'ide', usb: 'usb', sata: 'none' };

/**
 * `devices` of meta_data.json: the disks and interfaces that the tenant has tagged, and where the guest finds them.
 * @param isTrustShown whether the version says of interfaces whether the host trusts them, which it never needs to here.
 */
export const taggedDevices = (guest: Guest, isTrustShown: boolean): readonly object[] => [
  ...taggedDisks(guest),
  ...taggedNics(guest, isTrustShown),
];

const taggedNics = ({ nics }: Guest, isTrustShown: boolean): readonly object[] =>
  nics.flatMap(({ mac, slot, tag }) => {
    if (tag === undefined) return [];
    const place = slot === undefined ? { bus: 'none', address: 'none' } : { bus: 'pci', address: pciAddress(slot) };
    return [{ ...(isTrustShown ? { vf_trusted: false } : {}), type: 'nic', mac, ...place, tags: [tag] }];
  });

function taggedDisks({ disks }: Guest): readonly object[] {
  const identities = identitiesOf(disks);
  return disks.flatMap(({ tag, bus }, i) => {
    const { serial = '', slot } = identities[i] ?? {};
    if (tag === undefined) return [];
    const address = slot === undefined ? 'none' : pciAddress(slot);
    return [{ type: 'disk', bus: BUSES[bus], address, serial, tags: [tag] }];
  });
}

import type { DiskSpec } from './disks';

/** How a guest recognizes one of its listed disks under any name that its kernel gives it. Part of the host protocol. */
export interface DiskIdentity {
  /** `ephemeral0`: its role, with a number where there may be several. */
  readonly serial: string;
  /** On the first PCI bus, of a virtio disk; absent for others, and for more disks than there is room for. */
  readonly slot?: number;
}

/** Behind what hypervisors use for devices of their own choice, and before the last ones, which some machines need. */
const FIRST_SLOT = 0x10;
const LAST_SLOT = 0x1b;

/** Of each disk of a list, in its order. */
export function identitiesOf(disks: readonly DiskSpec[]): readonly DiskIdentity[] {
  const ephemeral = disks.filter(({ role }) => role === 'ephemeral');
  return disks.map((disk, i) => {
    const serial = disk.role === 'ephemeral' ? `ephemeral${String(ephemeral.indexOf(disk))}` : disk.role;
    const slot = FIRST_SLOT + i;
    return disk.bus === 'virtio' && slot <= LAST_SLOT ? { serial, slot } : { serial };
  });
}

/** Below those of the disks. */
const FIRST_NIC_SLOT = 0x08;

/**
 * Of an interface that its tenant has tagged, by its place among the networks of the launch, from 0; undefined for more
 * than fit.
 */
export function nicSlotOf(index: number): number | undefined {
  const slot = FIRST_NIC_SLOT + index;
  return slot < FIRST_SLOT ? slot : undefined;
}

/** As Linux writes it: `0000:00:10.0`. */
export const pciAddress = (slot: number): string => `0000:00:${slot.toString(16).padStart(2, '0')}.0`;

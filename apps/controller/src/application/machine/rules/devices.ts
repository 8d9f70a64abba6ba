import { rule, type Rule } from '../rule';
import { flag } from '../values';

/** Devices that a guest has besides its disks and network interfaces. */
export const deviceRules: readonly Rule[] = [
  rule({
    image: { hw_qemu_guest_agent: flag },
    effect: 'A channel to the QEMU guest agent.',
    gives: ({ image }) => (image.hw_qemu_guest_agent === true ? { guestAgent: true } : {}),
  }),
];

import { ALLOCATION_RATIOS } from '@cairn/domain';
import { z } from 'zod';

import { count, INT32_MAX, list, text } from './bounds';
import { VIRT_TYPES } from './instance';

/** So much that all that may be claimed of it is still a number of the column of what is used. */
const claimed = (ratio: number): z.ZodInt => count(Math.floor(INT32_MAX / ratio));

export const inventory = z.object({
  hostname: text(),
  hostIp: text(),
  vcpus: claimed(ALLOCATION_RATIOS.vcpus),
  ramMb: claimed(ALLOCATION_RATIOS.ramMb),
  diskGb: claimed(ALLOCATION_RATIOS.diskGb),
  hypervisorType: z.enum(['QEMU', 'fake']),
  hypervisorVersion: count(),
  virtType: z.enum(VIRT_TYPES),
  resumesGuests: z.boolean().exactOptional(),
  cpu: z.object({
    arch: text(),
    model: text(),
    vendor: text(),
    sockets: count(),
    cores: count(),
    threads: count(),
    features: list(text(64), 1_024),
  }),
  capabilities: list(text(128), 1_024).exactOptional(),
});

import { DISK_BUSES, INPUT_BUSES, NIC_MODELS, SCSI_MODELS, VIDEO_MODELS, WATCHDOG_ACTIONS } from '@cairn/domain';
import { z } from 'zod';

import { count, text } from './bounds';

const amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const bus = z.enum(DISK_BUSES).exactOptional();
const yes = z.literal(true).exactOptional();
const limit = amount.exactOptional();
const bandwidth = z.object({ average: amount, peak: limit, burst: limit }).exactOptional();

/** What is special of a guest's virtual machine, as the domain has it. */
export const hardware = z.object({
  machineType: text(64).exactOptional(),
  firmware: z
    .object({ type: z.literal('uefi'), secureBoot: z.enum(['required', 'optional']).exactOptional() })
    .exactOptional(),
  diskBus: bus,
  cdromBus: bus,
  scsiModel: z.enum(SCSI_MODELS).exactOptional(),
  nicModel: z.enum(NIC_MODELS).exactOptional(),
  video: z.object({ model: z.enum(VIDEO_MODELS).exactOptional(), ramMb: count().exactOptional() }).exactOptional(),
  inputBus: z.enum(INPUT_BUSES).exactOptional(),
  tablet: yes,
  cpuTopology: z.object({ sockets: count(), cores: count(), threads: count() }).exactOptional(),
  pmu: z.boolean().exactOptional(),
  rng: z.union([z.literal('none'), z.object({ bytes: amount, periodMs: amount })]).exactOptional(),
  watchdog: z.enum(WATCHDOG_ACTIONS).exactOptional(),
  guestAgent: yes,
  serialPorts: count(4).exactOptional(),
  bootMenu: yes,
  commandLine: text(4_096).exactOptional(),
  hpet: z.boolean().exactOptional(),
  hiddenHypervisor: yes,
  osType: z.literal('windows').exactOptional(),
  cpuLimits: z
    .object({ shares: limit, periodUs: limit, quotaUs: z.int().min(-1).max(Number.MAX_SAFE_INTEGER).exactOptional() })
    .exactOptional(),
  diskLimits: z
    .object({
      readBytes: limit,
      writeBytes: limit,
      totalBytes: limit,
      readIops: limit,
      writeIops: limit,
      totalIops: limit,
    })
    .exactOptional(),
  nicLimits: z.object({ inbound: bandwidth, outbound: bandwidth }).exactOptional(),
});

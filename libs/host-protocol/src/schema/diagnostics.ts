import { POWERS } from '@cairn/domain';
import { z } from 'zod';

import { list, text, VIRT_NAME } from './bounds';
import { VIRT_TYPES } from './instance';

/** A counter of the guest's, which may be beyond 32 bits. */
const counter = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** How a guest does, as its hypervisor counts: what its host answers to `read-diagnostics`. */
export const guestDiagnostics = z.object({
  power: z.enum([...POWERS, 'absent']),
  virtType: z.enum(VIRT_TYPES),
  /** What follows is empty unless the guest runs. In KiB. */
  memoryMaxKb: counter,
  memoryUsedKb: counter,
  /** As libvirt names them: `actual`, `rss`… */
  memory: z.record(z.string().regex(VIRT_NAME), counter).refine((parts) => Object.keys(parts).length <= 64),
  cpus: list(z.object({ id: counter, timeNs: counter }), 1_024),
  disks: list(
    z.object({
      device: text(),
      readRequests: counter,
      readBytes: counter,
      writeRequests: counter,
      writeBytes: counter,
    }),
    256,
  ),
  nics: list(
    z.object({
      device: text(),
      mac: text(),
      rxBytes: counter,
      rxPackets: counter,
      rxErrors: counter,
      rxDrop: counter,
      txBytes: counter,
      txPackets: counter,
      txErrors: counter,
      txDrop: counter,
    }),
    256,
  ),
});

export type GuestDiagnostics = z.infer<typeof guestDiagnostics>;

/** The diagnostics that a host has answered; undefined for anything else. */
export function diagnosticsOf(answer: string): GuestDiagnostics | undefined {
  try {
    return guestDiagnostics.safeParse(JSON.parse(answer)).data;
  } catch {
    return undefined;
  }
}

/** Of a guest that does not run. */
export const noDiagnostics = (
  power: GuestDiagnostics['power'],
  virtType: GuestDiagnostics['virtType'],
): GuestDiagnostics => ({
  power,
  virtType,
  memoryMaxKb: 0,
  memoryUsedKb: 0,
  memory: {},
  cpus: [],
  disks: [],
  nics: [],
});

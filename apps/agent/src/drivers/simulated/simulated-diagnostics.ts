import { disksOf, type GuestDiagnostics } from '@cairn/host-protocol';

import type { SimulatedDomain, SimulatedPort } from './stored-host';

const NO_TRAFFIC = {
  rxBytes: 0,
  rxPackets: 0,
  rxErrors: 0,
  rxDrop: 0,
  txBytes: 0,
  txPackets: 0,
  txErrors: 0,
  txDrop: 0,
} as const;

const NO_IO = { readRequests: 0, readBytes: 0, writeRequests: 0, writeBytes: 0 } as const;

/** The parts of a simulated guest. It does nothing, so all that counts its work is 0. */
export function simulatedDiagnostics(
  { spec, nics }: SimulatedDomain,
  ports: readonly SimulatedPort[],
): Partial<GuestDiagnostics> {
  const { vcpus, ramMb } = spec;
  const used = ports.filter(({ nic }) => nics?.includes(nic.mac) ?? true);
  const memory = ramMb * 1024;
  return {
    memoryMaxKb: memory,
    memoryUsedKb: memory,
    memory: { actual: memory },
    cpus: Array.from({ length: vcpus }, (_, id) => ({ id, timeNs: 0 })),
    disks: disksOf(spec).map(({ device }) => ({ device, ...NO_IO })),
    nics: used.map(({ tap, nic }) => ({ device: tap, mac: nic.mac, ...NO_TRAFFIC })),
  };
}

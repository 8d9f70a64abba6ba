import type { GuestDiagnostics } from '@cairn/host-protocol';

/** Every counter in one flat document, named by its device, as nova's libvirt driver writes it before 2.48. */
export const presentCounters = ({ cpus, disks, nics, memoryMaxKb, memory }: GuestDiagnostics): object =>
  Object.fromEntries<number>([
    ...cpus.map(({ id, timeNs }) => [`cpu${String(id)}_time`, timeNs] as const),
    ...disks.flatMap(({ device, readRequests, readBytes, writeRequests, writeBytes }) =>
      named(device, {
        read_req: readRequests,
        read: readBytes,
        write_req: writeRequests,
        write: writeBytes,
        errors: -1,
      }),
    ),
    ...nics.flatMap(({ device, ...nic }) =>
      named(device, {
        rx: nic.rxBytes,
        rx_packets: nic.rxPackets,
        rx_errors: nic.rxErrors,
        rx_drop: nic.rxDrop,
        tx: nic.txBytes,
        tx_packets: nic.txPackets,
        tx_errors: nic.txErrors,
        tx_drop: nic.txDrop,
      }),
    ),
    ['memory', memoryMaxKb],
    ...Object.entries(memory).map(([name, kb]) => [`memory-${name}`, kb] as const),
  ]);

const named = (device: string, counters: Readonly<Record<string, number>>): (readonly [string, number])[] =>
  Object.entries(counters).map(([name, value]) => [`${device}_${name}`, value]);

const KIB_PER_MIB = 1024;

/** The same for all drivers, from 2.48 on. What the hypervisor does not count is null. */
export const presentDiagnostics = (
  found: GuestDiagnostics,
  uptimeSeconds: number,
  hasConfigDrive: boolean,
): object => ({
  state: found.power,
  driver: 'libvirt',
  hypervisor: found.virtType === 'tcg' ? 'qemu' : found.virtType,
  hypervisor_os: 'linux',
  uptime: uptimeSeconds,
  config_drive: hasConfigDrive,
  num_cpus: found.cpus.length,
  num_nics: found.nics.length,
  num_disks: found.disks.length,
  cpu_details: found.cpus.map(({ id, timeNs }) => ({ id, time: timeNs, utilisation: null })),
  disk_details: found.disks.map((disk) => ({
    read_bytes: disk.readBytes,
    read_requests: disk.readRequests,
    write_bytes: disk.writeBytes,
    write_requests: disk.writeRequests,
    errors_count: -1,
  })),
  nic_details: found.nics.map((nic) => ({
    mac_address: nic.mac,
    rx_octets: nic.rxBytes,
    rx_packets: nic.rxPackets,
    rx_errors: nic.rxErrors,
    rx_drop: nic.rxDrop,
    rx_rate: null,
    tx_octets: nic.txBytes,
    tx_packets: nic.txPackets,
    tx_errors: nic.txErrors,
    tx_drop: nic.txDrop,
    tx_rate: null,
  })),
  memory_details: {
    maximum: Math.floor(found.memoryMaxKb / KIB_PER_MIB),
    used: Math.floor(found.memoryUsedKb / KIB_PER_MIB),
  },
});

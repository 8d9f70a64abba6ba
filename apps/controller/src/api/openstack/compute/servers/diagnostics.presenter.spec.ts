import type { GuestDiagnostics } from '@cairn/host-protocol';
import { presentCounters, presentDiagnostics } from './diagnostics.presenter';

const FOUND: GuestDiagnostics = {
  power: 'running',
  virtType: 'tcg',
  memoryMaxKb: 524_288,
  memoryUsedKb: 262_144,
  memory: { actual: 262_144, rss: 7 },
  cpus: [{ id: 0, timeNs: 9 }],
  disks: [{ device: 'vda', readRequests: 1, readBytes: 2, writeRequests: 3, writeBytes: 4 }],
  nics: [
    {
      ...{ device: 'tap1', mac: 'fa:16:3e:00:00:01', rxBytes: 1, rxPackets: 2, rxErrors: 3, rxDrop: 4 },
      ...{ txBytes: 5, txPackets: 6, txErrors: 7, txDrop: 8 },
    },
  ],
};

it('writes counters by their devices before 2.48', () => {
  expect(presentCounters(FOUND)).toEqual({
    cpu0_time: 9,
    ...{ vda_read_req: 1, vda_read: 2, vda_write_req: 3, vda_write: 4, vda_errors: -1 },
    ...{ tap1_rx: 1, tap1_rx_packets: 2, tap1_rx_errors: 3, tap1_rx_drop: 4 },
    ...{ tap1_tx: 5, tap1_tx_packets: 6, tap1_tx_errors: 7, tap1_tx_drop: 8 },
    ...{ memory: 524_288, 'memory-actual': 262_144, 'memory-rss': 7 },
  });
});

it('writes one shape for all drivers from 2.48 on', () => {
  expect(presentDiagnostics(FOUND, 60, true)).toMatchObject({
    config_drive: true,
    ...{ state: 'running', hypervisor: 'qemu', uptime: 60, num_cpus: 1, num_nics: 1, num_disks: 1 },
    memory_details: { maximum: 512, used: 256 },
    cpu_details: [{ id: 0, time: 9, utilisation: null }],
    disk_details: [{ read_bytes: 2, read_requests: 1, write_bytes: 4, write_requests: 3, errors_count: -1 }],
    nic_details: [{ mac_address: 'fa:16:3e:00:00:01', rx_octets: 1, tx_drop: 8, rx_rate: null }],
  });
});

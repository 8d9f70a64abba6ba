import { commandOf, type Hardware, type LaunchRequest, type OperationRequest } from '@cairn/domain';
import { requestNamed } from '../../../libs/domain/src/testing/operations';
import { furnish, requestOf, reserve, running, stopped } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const HARDWARE: Hardware = {
  machineType: 'q35',
  firmware: { type: 'uefi', secureBoot: 'optional' },
  diskBus: 'scsi',
  cdromBus: 'sata',
  scsiModel: 'virtio-scsi',
  nicModel: 'e1000',
  video: { model: 'qxl', ramMb: 16 },
  inputBus: 'usb',
  cpuTopology: { sockets: 1, cores: 1, threads: 1 },
  pmu: false,
  rng: { bytes: 1_024, periodMs: 1_000 },
  watchdog: 'reset',
  guestAgent: true,
  serialPorts: 2,
  bootMenu: true,
  commandLine: 'root=/dev/sda quiet',
  hpet: false,
  hiddenHypervisor: true,
  osType: 'windows',
  cpuLimits: { shares: 512, periodUs: 20_000, quotaUs: 10_000 },
  diskLimits: { totalBytes: 1_000_000, readIops: 100, writeIops: 50 },
  nicLimits: { inbound: { average: 100, peak: 200, burst: 50 }, outbound: { average: 10 } },
};

export const machine: readonly Story[] = [
  {
    name: 'machine-of-image-and-flavor',
    about: 'A server is launched with a special machine, gets another one with another flavor, and goes back.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { server, quota, a } = await furnish(stage);
      const data: LaunchRequest = {
        ...requestOf(stage),
        extraSpecs: { 'hw:watchdog_action': 'pause' },
        imageProperties: { hw_watchdog_action: 'reset', hw_machine_type: 'q35' },
        hardware: HARDWARE,
      };
      await stage.ask(quota, reserve(stage));
      await stage.ask(server, { type: 'LaunchInstance', data });
      await stage.ask(quota, { type: 'ConfirmQuota', data: { owners: [server] } });
      await stage.carryOut(server, 'AllocateAddress');
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'ClaimCapacity');
      await stage.answer(server, 'ensure-instance', running);
      const usual = requestNamed('resize').input;
      const input = { ...usual, hardware: { rng: 'none', tablet: true, watchdog: 'poweroff' } as const };
      const resize: OperationRequest = { name: 'resize', input };
      await stage.ask(server, commandOf(resize, stage.in(0)));
      await stage.carryOut(server, 'ChangeReservation');
      await stage.carryOut(server, 'place', a);
      await stage.carryOut(server, 'ClaimCapacity');
      for (const facts of [stopped, running]) await stage.answer(server, 'ensure-instance', facts);
      await stage.ask(server, commandOf(requestNamed('revertResize'), stage.in(0)));
      await stage.answer(server, 'ensure-instance', stopped);
    },
  },
];

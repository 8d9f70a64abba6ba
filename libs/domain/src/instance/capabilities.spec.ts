import { ALL_CAPABILITIES, capabilitiesOf, doesJob, lackingOf } from './capabilities';
import { INSTANCE_JOBS } from './jobs';
import type { Hardware } from './hardware';

const MACHINE: Required<Hardware> = {
  machineType: 'q35',
  firmware: { type: 'uefi', secureBoot: 'required' },
  diskBus: 'scsi',
  cdromBus: 'usb',
  scsiModel: 'lsilogic',
  nicModel: 'e1000',
  video: { model: 'qxl', ramMb: 16 },
  inputBus: 'usb',
  tablet: true,
  cpuTopology: { sockets: 1, cores: 2, threads: 1 },
  pmu: true,
  rng: 'none',
  watchdog: 'reset',
  guestAgent: true,
  serialPorts: 2,
  bootMenu: true,
  commandLine: 'quiet',
  hpet: false,
  hiddenHypervisor: true,
  osType: 'windows',
  cpuLimits: { shares: 10 },
  diskLimits: { readBytes: 1 },
  nicLimits: { inbound: { average: 1 } },
};

describe('what a host can do for the machine of a guest', () => {
  it('is all of it, on a host that can do all', () => {
    expect(lackingOf(MACHINE, ALL_CAPABILITIES)).toEqual([]);
  });

  it('is nothing on a host that says nothing, but what every guest has', () => {
    expect(lackingOf(MACHINE)).toHaveLength(Object.keys(MACHINE).length + 2);
    expect(lackingOf(undefined)).toEqual([]);
    expect(lackingOf({})).toEqual([]);
  });

  it('depends on its firmware, its kernel and its models', () => {
    const plain = capabilitiesOf({ machineType: ['pc'], diskBus: ['scsi'], videoModel: ['cirrus'] }, ['firmware']);
    expect([...lackingOf(MACHINE, plain)].sort()).toEqual([
      'cpuLimits',
      'diskBus:usb',
      'machineType:q35',
      'nicLimits',
      'secureBoot',
      'videoModel:qxl',
    ]);
    expect(lackingOf({ firmware: { type: 'uefi', secureBoot: 'optional' } }, plain)).toEqual([]);
  });
});

describe('whether a host does a kind of job', () => {
  it('is what it says, and yes for a host of a release that says nothing of jobs', () => {
    expect(INSTANCE_JOBS.filter((kind) => !doesJob(kind, ALL_CAPABILITIES))).toEqual([]);
    expect(doesJob('inject-nmi', ['watchdog', 'job:ensure-instance'])).toBe(false);
    expect(doesJob('inject-nmi', ['watchdog'])).toBe(true);
    expect(doesJob('inject-nmi')).toBe(true);
  });
});

import { DISK_BUSES } from './disks';
import { INSTANCE_JOBS, type InstanceJobs } from './jobs';
import { type Hardware, NIC_MODELS, SCSI_MODELS, VIDEO_MODELS } from './hardware';

/**
 * What hosts can do for the virtual machine of a guest, in the words that they report: `nicModel:e1000`, `watchdog`. A host
 * of a release that does not know a property of the machine does not report its word, either.
 */

/** Capabilities with a value: one word for each. */
const MODELS = ['machineType', 'diskBus', 'scsiModel', 'nicModel', 'videoModel'] as const;
type Models = Readonly<Partial<Record<(typeof MODELS)[number], readonly string[]>>>;

/** Properties of the machine that every host of this release can give. */
const EVERYWHERE = [
  'bootMenu',
  'commandLine',
  'cpuTopology',
  'diskLimits',
  'guestAgent',
  'hiddenHypervisor',
  'hpet',
  'inputBus',
  'osType',
  'pmu',
  'rng',
  'serialPorts',
  'tablet',
  'video',
  'watchdog',
] as const satisfies readonly (keyof Hardware)[];

/** What depends on the host. */
export type HostCapability = 'cpuLimits' | 'firmware' | 'nicLimits' | 'secureBoot' | 'vlans';

const words = (models: Models): readonly string[] =>
  MODELS.flatMap((name) => (models[name] ?? []).map((model) => `${name}:${model}`));

/** A host of a release that does not know a kind of job does not report its word, either. */
const jobWord = (kind: string): string => `job:${kind}`;

/** The words of a host; SCSI and network QEMU emulates everywhere. */
export const capabilitiesOf = (models: Models, has: readonly HostCapability[]): readonly string[] => [
  ...new Set([...words({ scsiModel: SCSI_MODELS, nicModel: NIC_MODELS, ...models }), ...EVERYWHERE, ...has]),
  ...INSTANCE_JOBS.map(jobWord),
];

/** Of a host that can do all. */
export const ALL_CAPABILITIES: readonly string[] = capabilitiesOf(
  { machineType: ['pc', 'q35'], diskBus: DISK_BUSES, videoModel: VIDEO_MODELS },
  ['cpuLimits', 'firmware', 'nicLimits', 'secureBoot', 'vlans'],
);

/** What a host must have for a machine. */
function demandsOf(hardware: Hardware): readonly string[] {
  const { machineType, diskBus, cdromBus, scsiModel, nicModel, ...others } = hardware;
  const one = (model: string | undefined): readonly string[] => (model === undefined ? [] : [model]);
  const models = {
    machineType: one(machineType),
    diskBus: [...one(diskBus), ...one(cdromBus)],
    scsiModel: one(scsiModel),
    nicModel: one(nicModel),
    videoModel: one(others.video?.model),
  };
  const secured = others.firmware?.secureBoot === 'required' ? ['secureBoot'] : [];
  return [...new Set([...words(models), ...Object.keys(others), ...secured])];
}

/** What a host lacks for a machine; a host that reports nothing can only do what every guest has. */
export const lackingOf = (hardware: Hardware | undefined, capabilities: readonly string[] = []): readonly string[] =>
  hardware === undefined ? [] : demandsOf(hardware).filter((demand) => !capabilities.includes(demand));

/** Whether a host does that kind of job. One that names none of them is of a release that does not tell. */
export const doesJob = (kind: keyof InstanceJobs, capabilities: readonly string[] = []): boolean =>
  !capabilities.some((word) => word.startsWith(jobWord(''))) || capabilities.includes(jobWord(kind));

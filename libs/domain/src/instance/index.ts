import { type Aggregate, plainSnapshot } from '../kernel/aggregate';
import { instanceEvents } from './catalogue';
import type { InstanceCommand } from './commands';
import { instanceDecider } from './decider';
import type { InstanceEvent } from './events';
import { INSTANCE_JOBS } from './jobs';
import { due } from './process';
import type { Instance } from './state';

export type { InstanceCommand } from './commands';
export type { Attachment, AttachmentStage } from './attachments';
export type { InstanceEvent } from './events';
export type { InstanceJobs } from './jobs';
export type { FloatingWish } from './interfaces/assigned-floating';
export type { FloatingBinding } from './interfaces/floating';
export { newPortId } from './interfaces/changes';
export {
  type Address,
  addressClaimId,
  addressesOf,
  allAddresses,
  type NetworkInterface,
} from './interfaces/interfaces';
export { type DiskIdentity, identitiesOf, pciAddress } from './device-identity';
export {
  CONFIG_DRIVE_FORMATS,
  type ConfigDriveFormat,
  DISK_BUSES,
  DISK_TYPES,
  type DiskBus,
  type DiskChoice,
  diskNameOf,
  disksOf,
  type DiskSpec,
  type EphemeralChoice,
  FILE_SYSTEMS,
  type FileSystem,
  type LocalDisks,
  type NamedDisk,
  namedDisks,
  type RescueDisk,
  rootNameOf,
  type SwapChoice,
} from './disks';
export { type GroupRef, groupsAtLaunch, groupsOf, guardOf, isUnfiltered } from './groups/guard';
export type { SchedulerHints } from './launch/scheduler-hints';
export { ALL_CAPABILITIES, capabilitiesOf, doesJob, type HostCapability, lackingOf } from './capabilities';
export * from './hardware';
export type { ExtraSpecs, FlavorSpec, LaunchRequest, NetworkChoice } from './launch/request';
export {
  type AnyHostOperation,
  type AnyOperation,
  type Before,
  commandOf,
  HOST_OPERATIONS,
  type HostOperationName,
  hostOperationNamed,
  type ImmediateEvent,
  type InputOf,
  OPERATIONS,
  type OperationName,
  operationNamed,
  type OperationRequest,
  powerIn,
  targetOf,
} from './operations';
export type { Nothing } from './operations/definition';
export { isInMemory, isOn } from './operations/restore';
export { RESET } from './operations/reset-state';
export { LONGEST_TAG, MOST_TAGS } from './operations/tags';
export {
  isOperationEvent,
  operationEvents,
  type OperationEvent,
  type OperationStep,
  operationStep,
} from './operations/steps';
export {
  hostClaimId,
  MAX_ATTEMPTS as MAX_LAUNCH_ATTEMPTS,
  type PlacedOn,
  type Placement,
  type Purpose,
} from './placement/placement';
export type { MachineNeeds } from './launch/machine-needs';
export { isPlacementRequest, type PlacementRequest } from './placement/request';
export * from './quota';
export { newImageRecord, type SnapshotImage, snapshotImageId, type SnapshotStage } from './snapshot/image';
export { deletionOf } from './reclaim';
export type { Standing } from './standing';
export * from './spec';
export { diskGb, instanceSpec, nicsOf, type TaggedNic } from './spec-of';
export { type Debt, type Fault, hostOf, type Instance, isLaunching } from './state';
export { type Power, POWERS, TASK_STATES, type TaskState, VM_STATES, type VmState } from './states';
export { taskState } from './task-state';

export const instance: Aggregate<Instance, InstanceCommand, InstanceEvent> = {
  ...instanceDecider,
  category: 'instance',
  events: instanceEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
  due,
  owes: {
    commands: [
      'AllocateAddress',
      'AssignFloatingIp',
      'ChangeReservation',
      'ClaimCapacity',
      'ConfirmUnanswered',
      'CreateImage',
      'AbandonImage',
      'DeleteImage',
      'EndRescue',
      'LoseFloatingIpPort',
      'OffloadShelved',
      'PlaceFloatingIp',
      'ReclaimInstance',
      'ReleaseAddress',
      'ReleaseCapacity',
      'ReleaseQuota',
      'ReserveFloatingAddress',
      'SetMember',
      'SetPlaces',
      'SettleReservation',
    ],
    jobs: INSTANCE_JOBS,
    places: true,
  },
};

import type { Aggregate } from '../kernel/aggregate';
import { instanceEvents } from './catalogue';
import type { InstanceCommand } from './commands';
import { instanceDecider } from './decider';
import type { InstanceEvent } from './events';
import { INSTANCE_JOBS } from './jobs';
import { due } from './process';
import type { Instance } from './state';

export * from './commands';
export { addressClaimId, hostClaimId } from './debts';
export { MAX_LAUNCH_ATTEMPTS } from './decider';
export * from './events';
export { type InstanceJobs } from './jobs';
export { diskGb, instanceSpec } from './process';
export * from './quota';
export * from './spec';
export { taskState, type Address, type Debt, type Fault, type Instance, type VmState } from './state';

export const instance: Aggregate<Instance, InstanceCommand, InstanceEvent> = {
  ...instanceDecider,
  category: 'instance',
  events: instanceEvents,
  schemaVersion: 1,
  due,
  owes: {
    commands: ['AllocateAddress', 'ClaimCapacity', 'ReleaseAddress', 'ReleaseCapacity', 'ReleaseQuota'],
    jobs: INSTANCE_JOBS,
    places: true,
  },
};

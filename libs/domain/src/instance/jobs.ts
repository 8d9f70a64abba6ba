import type { JobRequest } from '../kernel/effect';
import type { Quiesced } from './snapshot/quiesce';
import type { ImageSpec, InstanceSpec } from './spec';

/** The payload of each kind of job that an instance gives to its host. Part of the host protocol. */
export interface InstanceJobs {
  /** Make the instance exist with its disks, network and power state. `leaveOff`: but do not start a guest that is off. */
  readonly 'ensure-instance': { readonly spec: InstanceSpec; readonly leaveOff?: true };
  /** The same for a guest that gains or loses NICs, also while it runs. */
  readonly 'change-nics': { readonly spec: InstanceSpec };
  /** Restart the guest: soft asks it by ACPI and falls back to hard; hard resets and re-creates missing parts. */
  readonly 'reboot-instance': { readonly type: 'soft' | 'hard'; readonly spec: InstanceSpec };
  /** Make disks of other names than before fresh, and bring the guest to its power with them: it boots. */
  readonly 'rebuild-instance': { readonly spec: InstanceSpec };
  /** Send a copy of the root disk, as it is at one moment, as the bits of an image. */
  readonly 'snapshot-instance': { readonly spec: InstanceSpec; readonly imageId: string } & Quiesced;
  /** Give that user of the guest the password that the host fetches. */
  readonly 'set-guest-password': { readonly spec: InstanceSpec; readonly user: string };
  /** Give the guest a non-maskable interrupt, once. */
  readonly 'inject-nmi': { readonly spec: InstanceSpec };
  /** Leave none of the instance's sets of disks but these (null: the set of the launch). */
  readonly 'discard-disks': {
    readonly keep: readonly (string | null)[];
    /** The images that its disks are made of. */
    readonly images: readonly ImageSpec[];
  };
  /** Leave nothing of the instance on the host: domain, disks, taps, leases, rules. */
  readonly 'remove-instance': Readonly<Record<string, never>>;
}

export const INSTANCE_JOBS: readonly (keyof InstanceJobs)[] = [
  'ensure-instance',
  'change-nics',
  'reboot-instance',
  'rebuild-instance',
  'snapshot-instance',
  'set-guest-password',
  'inject-nmi',
  'discard-disks',
  'remove-instance',
];

export const instanceJob = <K extends keyof InstanceJobs>(
  kind: K,
  instanceId: string,
  generation: number,
  payload: InstanceJobs[K],
): JobRequest => ({ kind, resource: { category: 'instance', id: instanceId }, generation, payload });

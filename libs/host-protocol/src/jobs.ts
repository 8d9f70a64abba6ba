/**
 * What the controller asks of a host. A job carries the whole desired state of one instance, never steps: the agent
 * compares it with what exists and does what is missing, so a repeated job converges (HOST.md).
 */

import type { ImageSpec, InstanceSpec, NetworkSpec, NicSpec } from '@cairn/domain';

export type { ImageSpec, InstanceSpec, NetworkSpec, NicSpec };

interface JobBase {
  /** The effect's id; also the BullMQ job id. One effect id has one outcome. */
  readonly effectId: string;
  readonly hostId: string;
  readonly instanceId: string;
  /** Grows with each change of what is desired; a job older than the newest seen is answered `agent.job-superseded.v1`. */
  readonly generation: number;
  /** Of the request that caused it; copied into the result's metadata. The effect's id where the sender has none. */
  readonly correlationId?: string;
}

/** Make the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. */
export interface EnsureInstanceJob extends JobBase {
  readonly kind: 'ensure-instance';
  readonly spec: InstanceSpec;
}

/** Restart the guest: soft asks it by ACPI and falls back to hard; hard resets and re-creates what is missing. */
export interface RebootInstanceJob extends JobBase {
  readonly kind: 'reboot-instance';
  readonly type: 'soft' | 'hard';
  readonly spec: InstanceSpec;
}

/** Leave nothing of the instance on the host: domain, disks, taps, leases, rules. */
export interface RemoveInstanceJob extends JobBase {
  readonly kind: 'remove-instance';
}

export type HostJob = EnsureInstanceJob | RebootInstanceJob | RemoveInstanceJob;

/** A question, not an effect: nothing is recorded and the answer goes to `PUT /v1/replies/{requestId}`. */
export interface ReadConsoleQuery {
  readonly kind: 'read-console';
  readonly requestId: string;
  readonly instanceId: string;
  /** How many of the last lines; null means all that is kept. */
  readonly lines: number | null;
}

export type HostMessage = HostJob | ReadConsoleQuery;

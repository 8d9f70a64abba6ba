import { type Build, buildOf } from './hardware';
import type { PlacedOn } from './placement/placement';
import type { Instance } from './state';
import type { VmState } from './states';

/** What a server is, and where: all that a move changes, and that the way back restores. */
export interface Standing extends Build {
  readonly vmState: VmState;
  readonly host: PlacedOn;
  /** Which set of disks the guest uses on the host. Absent: the one that it was launched with. */
  readonly diskSet?: string;
}

/** Undefined for a server that is on no host. */
export function standingOf({ vmState, host, request, diskSet }: Instance): Standing | undefined {
  if (host === undefined || request === undefined) return undefined;
  return { vmState, host, ...buildOf(request), ...(diskSet === undefined ? {} : { diskSet }) };
}

/** The same server with another standing. */
export function withStanding(instance: Instance, { vmState, host, diskSet, ...build }: Standing): Instance {
  if (instance.request === undefined) return instance;
  const { extraSpecs: _specs, hardware: _hardware, ...request } = instance.request;
  return { ...instance, vmState, host, diskSet, request: { ...request, ...buildOf(build) } };
}

import type { ExtraSpecs, FlavorSpec } from './launch/request';
import type { PlacedOn } from './placement/placement';
import type { Instance } from './state';
import type { VmState } from './states';

/** What a server is, and where: all that a move changes, and that the way back restores. */
export interface Standing {
  readonly vmState: VmState;
  readonly host: PlacedOn;
  readonly flavor: FlavorSpec;
  /** What the flavor demands of the host. Absent: nothing. */
  readonly extraSpecs?: ExtraSpecs;
  /** Which set of disks the guest uses on the host. Absent: the one that it was launched with. */
  readonly diskSet?: string;
}

/** Undefined for a server that is on no host. */
export function standingOf({ vmState, host, request, diskSet }: Instance): Standing | undefined {
  if (host === undefined || request === undefined) return undefined;
  const { flavor, extraSpecs } = request;
  return {
    vmState,
    host,
    flavor,
    ...(extraSpecs === undefined ? {} : { extraSpecs }),
    ...(diskSet === undefined ? {} : { diskSet }),
  };
}

/** The same server with another standing. */
export function withStanding(instance: Instance, { vmState, host, flavor, extraSpecs, diskSet }: Standing): Instance {
  if (instance.request === undefined) return instance;
  const { extraSpecs: _before, ...request } = instance.request;
  return {
    ...instance,
    vmState,
    host,
    diskSet,
    request: { ...request, flavor, ...(extraSpecs === undefined ? {} : { extraSpecs }) },
  };
}

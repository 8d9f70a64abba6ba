import type { Instance } from '../state';
import type { Hardware } from '../hardware';
import type { MachineNeeds } from '../launch/machine-needs';
import type { ExtraSpecs } from '../launch/request';
import type { SchedulerHints } from '../launch/scheduler-hints';
import { diskGb, requestOf } from '../spec-of';
import { soughtBy } from '../move/course';
import { hostClaimId, type Placement, type Purpose, searchId } from './placement';

/** What the scheduler must find room for. */
export interface PlacementRequest {
  readonly purpose: Purpose;
  readonly instanceId: string;
  /** The claim to make on the chosen host. */
  readonly claimId: string;
  readonly projectId: string;
  readonly vcpus: number;
  readonly ramMb: number;
  /** Root, ephemeral and swap together, in GiB, rounded up. */
  readonly diskGb: number;
  readonly availabilityZone: string | null;
  /** Host name that an administrator forced; skips the filters. */
  readonly forcedHost: string | null;
  /** Name of the only host to choose from, for what an administrator wants there; filters apply. Absent: all. */
  readonly requestedHost?: string;
  /** Hosts that were tried already. */
  readonly excludedHosts: readonly string[];
  /** The server group of the instance, and which attempt this is. Absent: it is in none. */
  readonly member?: { readonly groupId: string; readonly attempt: number };
  /** What the flavor demands of the host. Absent: nothing. */
  readonly extraSpecs?: ExtraSpecs;
  /** What the image demands of the host. Absent: nothing. */
  readonly machine?: MachineNeeds;
  /** The virtual machine that the host must be able to make. Absent: as in every other guest. */
  readonly hardware?: Hardware;
  readonly flavorName: string;
  readonly imageId: string;
  /** Absent: none. */
  readonly hints?: SchedulerHints;
}

/** Whether the request of a place effect, opaque to the kernel, is one that the scheduler can answer. */
export const isPlacementRequest = (request: object): request is PlacementRequest =>
  'claimId' in request && 'excludedHosts' in request;

export function placementRequest(state: Instance, placement: Placement): PlacementRequest {
  const { purpose, attempt, excludedHosts } = placement;
  const { instanceId, projectId, availabilityZone, serverGroupId, machine, hints, image, ...request } =
    requestOf(state);
  const { flavor, extraSpecs, hardware } = soughtBy(state);
  const moves = state.operation !== undefined;
  const { requestedHost } = moves ? placement : request;
  // a host that is still to clear something of the server away must not be given it
  const busy = state.debts.flatMap((debt) => (debt.kind === 'domain' ? [debt.hostId] : []));
  // the group knows a member's later places by greater numbers, whatever they were for
  const memberAttempt = moves ? state.generation : attempt + 1;
  return {
    purpose,
    instanceId,
    claimId: hostClaimId(searchId(state), attempt + 1),
    projectId,
    vcpus: flavor.vcpus,
    ramMb: flavor.ramMb,
    diskGb: diskGb(flavor),
    availabilityZone,
    forcedHost: moves ? null : request.forcedHost,
    excludedHosts: moves ? [...new Set([...excludedHosts, ...busy])] : excludedHosts,
    ...(serverGroupId === undefined ? {} : { member: { groupId: serverGroupId, attempt: memberAttempt } }),
    ...(requestedHost === undefined ? {} : { requestedHost }),
    ...(extraSpecs === undefined ? {} : { extraSpecs }),
    ...(machine === undefined ? {} : { machine }),
    ...(hardware === undefined ? {} : { hardware }),
    flavorName: flavor.name,
    imageId: image.imageId,
    ...(hints === undefined ? {} : { hints }),
  };
}

import type { PlacementRequest } from '@cairn/domain';
import { idOf } from '../../runtime/testing/fixtures';

/** A request for a place for the n-th server, which is small and may be anywhere. */
export const placementOf = (n: number, over: Partial<PlacementRequest> = {}): PlacementRequest => ({
  purpose: 'launch',
  instanceId: idOf('instance', n),
  claimId: idOf('claim', n),
  projectId: idOf('project'),
  vcpus: 1,
  ramMb: 512,
  diskGb: 1,
  availabilityZone: null,
  forcedHost: null,
  excludedHosts: [],
  flavorName: 'm1.tiny',
  imageId: idOf('image'),
  ...over,
});

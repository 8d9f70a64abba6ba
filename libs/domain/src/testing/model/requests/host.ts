import fc from 'fast-check';
import { asked, boot, few, nothing } from '../asked';
import { inventoryOf, FAR, uuid } from '../records';

/** Room for every server of a test. */
const AMPLE = { vcpus: 1_000, ramMb: 64_000_000, diskGb: 1_000_000 };

export const host = asked({
  category: 'host',
  streams: [],
  requests: (hostId) => ({
    EnrolHost: fc.constant({ hostId, name: `host-${hostId.slice(0, 4)}`, number: 1, availabilityZone: 'nova' }),
    RecordAgentStarted: boot.map((bootId) => ({ bootId, inventory: inventoryOf({ ...AMPLE, hostname: hostId }) })),
    MarkHostDown: fc.constantFrom({ lastSeenAt: null }, { lastSeenAt: FAR }),
    MarkHostUp: boot.map((bootId) => ({ bootId })),
    DisableHost: fc.constantFrom({ reason: null }, { reason: 'broken fan' }),
    EnableHost: nothing,
    ForceHostDown: nothing,
    ClearForceDown: nothing,
    RemoveHost: nothing,
    WantImages: few.map((n) => ({
      images: [{ imageId: uuid(n), sha256: 'ab'.repeat(32), sizeBytes: 1_000, format: 'raw' }],
      notAfter: FAR,
    })),
    RecordNetworkDiffered: boot.map((bootId) => ({
      bootId,
      mended: [{ topic: 'bridge', name: 'br100', says: 'The bridge br100 is gone.' }],
      left: [],
      more: 0,
    })),
    ReportDrift: boot.map((bootId) => ({ bootId, kind: 'domain' as const, name: 'unknown' })),
  }),
});

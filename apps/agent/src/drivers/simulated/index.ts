import type { HostPorts } from '../../jobs/job-context';
import type { Clock } from '../../ports/clock.port';

import { believingSource, type ImageSource } from './image-source';
import { type Latencies, Pace } from './latencies';
import type { SimulatedHost } from './simulated-host';
import { SimulatedConsoles } from './simulated-consoles';
import { SimulatedDiskStore } from './simulated-disk-store';
import { SimulatedHypervisor, type SimulatedSize } from './simulated-hypervisor';
import { SimulatedImageCache } from './simulated-image-cache';
import { SimulatedNetwork } from './simulated-network';

export { severable } from './severable';
export { InvariantBroken, SimulatedHost } from './simulated-host';
export type { BlobFacts, ImageSource } from './image-source';
export type { SimulatedSize } from './simulated-hypervisor';
export { believingSource } from './image-source';
export { DEFAULT_LATENCIES, type Latencies } from './latencies';

export interface SimulatedParts {
  readonly host: SimulatedHost;
  readonly size: SimulatedSize;
  readonly clock: Clock;
  readonly latencies?: Latencies;
  readonly source?: ImageSource;
  readonly imageCacheBytes?: number;
}

/** The drivers of one agent process on a simulated host. Another process on the same host calls this again. */
export function simulatedPorts(parts: SimulatedParts): HostPorts {
  const { host, size, clock, latencies, source = believingSource, imageCacheBytes } = parts;
  const pace = new Pace(clock, latencies);
  return {
    hypervisor: new SimulatedHypervisor(host, size, pace),
    consoles: new SimulatedConsoles(host),
    network: new SimulatedNetwork(host, pace),
    images: new SimulatedImageCache(host, source, pace, imageCacheBytes),
    disks: new SimulatedDiskStore(host, pace),
  };
}

import type { JobStep } from '@cairn/domain';
import type { InstanceFacts } from '@cairn/host-protocol';

import type { Clock } from '../ports/clock.port';
import type { Controller } from '../ports/controller.port';
import type { GuestConsoles } from '../ports/guest-consoles.port';
import type { HostNetwork } from '../ports/host-network.port';
import type { Hypervisor } from '../ports/hypervisor.port';
import type { DiskStore, ImageCache } from '../ports/image-cache.port';
import type { Log } from '../ports/log.port';

/** What a host is made of, real or simulated. */
export interface HostPorts {
  readonly hypervisor: Hypervisor;
  readonly consoles: GuestConsoles;
  readonly network: HostNetwork;
  readonly images: ImageCache;
  readonly disks: DiskStore;
}

/** A newer job for the same resource has come: nobody wants the result of this one any more. */
export class Superseded extends Error {
  constructor(readonly newestGeneration: number) {
    super(`superseded by generation ${String(newestGeneration)}`);
  }
}

/** What a job may use. */
export interface JobContext extends HostPorts {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: Log;
  readonly virtType: NonNullable<InstanceFacts['virtType']>;
  /** What the handler noted when this effect first began (Handler.before). */
  readonly before: string | null;
  /** Rejects with Superseded as soon as a newer job for the resource is seen; otherwise stays pending. */
  readonly superseded: Promise<never>;
  /** Tells the controller that the job is so far, if it asked to know. Waits for nothing, and never throws. */
  told(step: JobStep): void;
  /** Called when networks of the host may have come or gone, before a guest may need them. Never throws. */
  networksChanged(): Promise<void>;
}

import type { StreamRef } from '../kernel/aggregate';

/** The payload of each kind of job that a floating IP gives to a host. Part of the host protocol. */
export interface FloatingIpJobs {
  /**
   * Answer for the address on the public interface, and lead it to the port, for as long as the port is on the host.
   * Takes the place of what the host knew of this floating IP before.
   */
  readonly 'ensure-floating-ip': {
    readonly address: string;
    /** Null for the interface that leads the host out. */
    readonly interface: string | null;
    readonly holder: StreamRef;
    readonly networkId: string;
    readonly fixedAddress: string;
  };
  /** Answer for it no more. */
  readonly 'remove-floating-ip': Readonly<Record<string, never>>;
}

export const FLOATING_IP_JOBS: readonly (keyof FloatingIpJobs)[] = ['ensure-floating-ip', 'remove-floating-ip'];

import type { HostView } from '../host-view';

/** How good a host is; the higher the better. Values are normalised to 0..1 before the multiplier (nova since Icehouse). */
export interface Weigher {
  readonly name: string;
  readonly multiplier: number;
  weigh(host: HostView): number;
}

/** Spreads servers: the host with the most free memory first. A negative multiplier would stack them. */
const ram: Weigher = { name: 'RAMWeigher', multiplier: 1, weigh: ({ free }) => free.ramMb };

export const WEIGHERS: readonly Weigher[] = [ram];

import type { StreamRef } from '../kernel/aggregate';
import type { Claims } from '../kernel/claims';
import type { Restarted } from '../kernel/effect';
import { Table } from '../kernel/table';
import type { Instant } from '../kernel/time';
import type { Capacity, CapacityClaim } from './events';
import type { WantedImage } from './images';
import type { Inventory } from './inventory';

export interface Host extends Claims<CapacityClaim> {
  readonly hostId: string;
  readonly name: string;
  readonly number: number;
  readonly availabilityZone: string;
  readonly enrolled: boolean;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly up: boolean;
  /** An administrator has stated that the host is down. */
  readonly forcedDown: boolean;
  readonly bootId: string | null;
  readonly startedAt: Instant | null;
  readonly inventory: Inventory | null;
  readonly used: Capacity;
  /** Owners that do not know yet that the agent started with `bootId`, by the names of their streams. */
  readonly toInform: Table<StreamRef>;
  /** Images to fetch in advance, in the order in which they are asked for. */
  readonly wanted: readonly WantedImage[];
  /** How many of those the host has answered for. It outlives a removal, since the agent remembers its generations. */
  readonly answered: number;
}

export const unknownHost: Host = {
  hostId: '',
  name: '',
  number: 0,
  availabilityZone: 'nova',
  enrolled: false,
  enabled: true,
  disabledReason: null,
  up: false,
  forcedDown: false,
  bootId: null,
  startedAt: null,
  inventory: null,
  claims: Table.empty(),
  used: { vcpus: 0, ramMb: 0, diskGb: 0 },
  tombstones: Table.empty(),
  toInform: Table.empty(),
  wanted: [],
  answered: 0,
};

/** True if the host's agent is alive and no administrator has forced the host down. */
export const isUp = ({ up, forcedDown }: Pick<Host, 'up' | 'forcedDown'>): boolean => up && !forcedDown;

/** Over-commit ratios: nova's defaults. */
export const ALLOCATION_RATIOS: Capacity = { vcpus: 16, ramMb: 1.5, diskGb: 1 };

/** The capacity of a host for claims, over-commit included. */
export const claimable = (inventory: Capacity, ratios: Capacity = ALLOCATION_RATIOS): Capacity => ({
  vcpus: Math.floor(inventory.vcpus * ratios.vcpus),
  ramMb: Math.floor(inventory.ramMb * ratios.ramMb),
  diskGb: Math.floor(inventory.diskGb * ratios.diskGb),
});

/** The start of its agent with that id, as the owners of its guests are told of it. */
export const restartOf = ({ inventory }: Host, bootId: string, notAfter: Instant): Restarted => ({
  bootId,
  notAfter,
  ...(inventory?.resumesGuests === false ? ({ resume: false } as const) : {}),
});

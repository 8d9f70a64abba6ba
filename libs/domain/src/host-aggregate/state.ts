import type { StreamRef } from '../kernel/aggregate';
import { own } from '../kernel/own';
import { Table } from '../kernel/table';
import type { Instant } from '../kernel/time';
import type { AggregateHost, AggregateMetadata } from './events';

export interface HostAggregate {
  readonly number: number;
  readonly uuid: string;
  readonly name: string;
  /** In the order in which they were added. */
  readonly hosts: readonly AggregateHost[];
  readonly metadata: AggregateMetadata;
  readonly createdAt: Instant;
  /** When name or metadata were last changed; null if they never were. */
  readonly updatedAt: Instant | null;
}

/** All host aggregates of the cloud: one stream, so that names are unique and no host is in two zones. */
export interface HostAggregates {
  /** The number of the next one. */
  readonly next: number;
  readonly byNumber: Table<HostAggregate>;
}

/** The only stream of its category. */
export const HOST_AGGREGATES = { category: 'hostaggregates', id: 'cloud' } as const satisfies StreamRef;

export const ZONE_KEY = 'availability_zone';

export const noAggregates: HostAggregates = { next: 1, byNumber: Table.empty() };

/** The availability zone that an aggregate makes of its hosts; undefined for none. */
export const zoneOfAggregate = ({ metadata }: Pick<HostAggregate, 'metadata'>): string | undefined =>
  own(metadata, ZONE_KEY);

/** In the order of their numbers. */
export const allHostAggregates = ({ byNumber }: HostAggregates): readonly HostAggregate[] =>
  [...byNumber.entries()].map(([, aggregate]) => aggregate).sort((a, b) => a.number - b.number);

export const hasHost = ({ hosts }: HostAggregate, hostId: string): boolean =>
  hosts.some((host) => host.hostId === hostId);

import { type HostAggregate, zoneOfAggregate } from '@cairn/domain';
import { micros, microsOrNull } from '../shared/timestamps';

const UUID_SINCE = 41;

type Shown = Readonly<Record<string, unknown>>;

/** The answer to its creation, in which nova has neither hosts nor metadata. */
export const presentNewAggregate = (aggregate: HostAggregate, minor: number): Shown => ({
  id: aggregate.number,
  name: aggregate.name,
  availability_zone: zoneOfAggregate(aggregate) ?? null,
  created_at: micros(aggregate.createdAt),
  updated_at: microsOrNull(aggregate.updatedAt),
  deleted: false,
  deleted_at: null,
  ...(minor < UUID_SINCE ? {} : { uuid: aggregate.uuid }),
});

export const presentAggregate = (aggregate: HostAggregate, minor: number): Shown => ({
  ...presentNewAggregate(aggregate, minor),
  hosts: aggregate.hosts.map(({ name }) => name),
  metadata: aggregate.metadata,
});

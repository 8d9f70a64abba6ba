import type { EventCatalogue } from '../kernel/catalogue';
import type { HostAggregateEvent } from './events';

export const hostAggregateEvents: EventCatalogue<HostAggregateEvent> = {
  'host-aggregate.created.v1': {
    meaning: 'An administrator can group hosts under this name, which no other host aggregate has.',
    shown: true,
  },
  'host-aggregate.renamed.v1': { meaning: 'The host aggregate has another name.', shown: true },
  'host-aggregate.metadata-set.v1': {
    meaning: 'The metadata of the host aggregate has changed, and perhaps with it the availability zone of its hosts.',
    shown: true,
  },
  'host-aggregate.host-added.v1': {
    meaning: 'A host belongs to the aggregate; what the aggregate says holds for it.',
    shown: true,
  },
  'host-aggregate.host-removed.v1': { meaning: 'The host does not belong to the aggregate any more.', shown: true },
  'host-aggregate.deleted.v1': {
    meaning: 'The host aggregate, which had no host left, is gone; its name is free again.',
    shown: true,
  },
};

import type { ServerAddress } from '@cairn/projections';
import { everything, type ListDefinition } from '../../../../application/lists';
import { byOffset } from '../shared/nova-lists';

/** The interfaces of one server, in the order of its networks. */
export const VIRTUAL_INTERFACES: ListDefinition<ServerAddress> = {
  api: byOffset,
  key: 'id',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [] },
  paging: 'offset',
};

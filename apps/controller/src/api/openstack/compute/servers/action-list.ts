import { everything, type ListDefinition } from '../../../../application/lists';
import type { ServerAction } from '../../../../application/server/server-actions';
import { changedFilters } from '../shared/changed-filters';
import { novaLists, novaMarker, requireTime, strictSince } from '../shared/nova-lists';

/** With its place in the server's history. */
type PlacedAction = ServerAction & { readonly place: number };

/** The microversion that brings pages, and refuses parameters that the list does not know. */
const PAGES_SINCE = 58;

/** Actions on a server: the newest first, as nova lists them. */
export const ACTIONS: ListDefinition<PlacedAction> = {
  api: {
    ...novaLists,
    unknown: strictSince(PAGES_SINCE),
  },
  key: 'requestId',
  scope: (asking) => {
    requireTime(asking);
    return everything();
  },
  filters: changedFilters(PAGES_SINCE, 'updatedAt'),
  sorting: { keys: {}, usual: [{ column: 'place', direction: 'DESC' }] },
  paging: novaMarker('requestId', { since: PAGES_SINCE }),
};

import { everything, type ListDefinition } from '../../../../application/lists';
import type { ServerAction } from '../../../../application/server/server-actions';
import { changedFilters } from '../shared/changed-filters';
import { novaLists, novaMarker, strictSince } from '../shared/nova-lists';

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
  scope: everything,
  filters: changedFilters('updatedAt', PAGES_SINCE),
  sorting: { keys: {}, usual: [{ column: 'place', direction: 'DESC' }] },
  paging: novaMarker('requestId', { since: PAGES_SINCE }),
};

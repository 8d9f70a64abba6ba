import { everything, type ListDefinition } from '../../../../application/lists';
import type { ServerAction } from '../../../../application/server/server-actions';
import { novaLists } from '../shared/nova-lists';

/** With its place in the server's history. */
type PlacedAction = ServerAction & { readonly place: number };

/** Actions on a server: the newest first, as nova lists them. */
export const ACTIONS: ListDefinition<PlacedAction> = {
  api: novaLists,
  key: 'place',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'place', direction: 'DESC' }] },
};

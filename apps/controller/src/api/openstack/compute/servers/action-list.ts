import { compared, everything, type Filter, type ListDefinition } from '../../../../application/lists';
import type { ServerAction } from '../../../../application/server/server-actions';
import { invalidParameter, novaLists, novaMarker, requireTime, strictSince } from '../shared/nova-lists';
import { parseMoment } from '../shared/timestamps';

/** With its place in the server's history. */
type PlacedAction = ServerAction & { readonly place: number };

/** The microversion that brings pages, and refuses parameters that the list does not know. */
const PAGES_SINCE = 58;

const changed = (operator: '<=' | '>=', since: number): Filter<PlacedAction> => ({
  since,
  read: ({ name, value }) => {
    const at = parseMoment(value);
    if (at === undefined) throw invalidParameter(name, value, `'${value.slice(0, 255)}' is not a 'date-time'`);
    return compared('updatedAt', operator, at);
  },
});

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
  filters: { 'changes-since': changed('>=', PAGES_SINCE), 'changes-before': changed('<=', 66) },
  sorting: { keys: {}, usual: [{ column: 'place', direction: 'DESC' }] },
  paging: novaMarker('requestId', { since: PAGES_SINCE }),
};

import { KeypairRow } from '@cairn/projections';
import { type Asking, equal, lastOf, type TableList } from '../../../../application/lists';
import { badRequest } from '../shared/additional';
import { novaLists, novaMarker } from '../shared/nova-lists';

const USERS_SINCE = 10;
const PAGES_SINCE = 35;

/** The own key pairs, or from 2.10 on for administrators those of the user that is named. */
export function userOf({ minor, query, userId, rights }: Asking, action: string): string {
  const named = minor >= USERS_SINCE ? lastOf(query, 'user_id') : undefined;
  const asked = named ?? userId;
  rights.require(`os_compute_api:os-keypairs:${action}`, { user_id: asked });
  return asked;
}

/** A user's key pairs by name, which marks pages, too. */
export const KEYPAIRS: TableList<KeypairRow> = {
  api: novaLists,
  entity: KeypairRow,
  key: 'name',
  scope: (asking) => equal('userId', userOf(asking, 'index')),
  parameters: ['user_id'],
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'name', direction: 'ASC' }] },
  paging: novaMarker('name', {
    since: PAGES_SINCE,
    missing: (marker) => badRequest(`Marker ${marker.slice(0, 255)} could not be found.`),
  }),
};

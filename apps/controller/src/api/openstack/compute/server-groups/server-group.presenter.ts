import type { ServerGroupView } from '../../../../application/server-group/server-group.query';
import { representation } from '../shared/representation';

/** From here on a group has one policy, with rules. */
export const RULES_SINCE = 64;

/** Nobody can set metadata of a group. */
export const presentServerGroup = representation<ServerGroupView, { readonly minor: number }>([
  ['id', ({ groupId }) => groupId],
  ['name', ({ name }) => name],
  ['policies', ({ policy }) => [policy], { until: RULES_SINCE - 1 }],
  ['policy', ({ policy }) => policy, { since: RULES_SINCE }],
  [
    'rules',
    ({ maxPerHost: most }) => (most === undefined ? {} : { max_server_per_host: most }),
    { since: RULES_SINCE },
  ],
  ['members', ({ members }) => members],
  ['metadata', () => ({}), { until: RULES_SINCE - 1 }],
  ['project_id', ({ projectId }) => projectId, { since: 13 }],
  ['user_id', ({ userId }) => userId, { since: 13 }],
]);

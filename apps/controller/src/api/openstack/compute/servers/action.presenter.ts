import { hostname } from 'node:os';
import type { ActionStep, ServerAction } from '../../../../application/server/server-actions';
import { representation, type ShownField } from '../shared/representation';
import { micros, microsOrNull } from '../shared/timestamps';
import { hostIdOf } from './host-id';

/** What decides how an action is shown. */
export interface ActionViewer {
  readonly instanceId: string;
  /** The server's project, by which hosts are named to tenants. */
  readonly projectId: string;
  readonly minor: number;
  /** By policy, `os-instance-actions:events` and `os-instance-actions:events:details`. */
  readonly mayEvents: boolean;
  readonly mayDetails: boolean;
}

type BriefViewer = Pick<ActionViewer, 'instanceId' | 'minor'>;

const BRIEF: readonly ShownField<ServerAction, BriefViewer>[] = [
  ['action', ({ action }) => action],
  ['instance_uuid', (_action, { instanceId }) => instanceId],
  ['request_id', ({ requestId }) => requestId],
  ['user_id', ({ userId }) => userId],
  ['project_id', ({ projectId }) => projectId],
  ['start_time', ({ startedAt }) => micros(startedAt)],
  ['message', ({ steps }) => (steps.some(({ result }) => result === 'Error') ? 'Error' : null)],
  ['updated_at', ({ updatedAt }) => micros(updatedAt), { since: 58 }],
];

/** As a list shows it. */
export const presentActionBrief = representation(BRIEF);

/** What the controller does, it does here. */
const hostOf = ({ host }: ActionStep): string => host ?? hostname();

/** The reason of a failure stands for a traceback, and from 2.84 on for its details. */
const presentStep = representation<ActionStep, ActionViewer>([
  ['event', ({ event }) => event],
  ['start_time', ({ startedAt }) => micros(startedAt)],
  ['finish_time', ({ finishedAt }) => microsOrNull(finishedAt)],
  ['result', ({ result }) => result],
  ['traceback', ({ reason }, { mayEvents }) => (mayEvents ? reason : undefined)],
  ['host', (step, { mayEvents }) => (mayEvents ? hostOf(step) : undefined), { since: 62 }],
  ['hostId', (step, { projectId }) => hostIdOf(hostOf(step), projectId), { since: 62 }],
  ['details', ({ reason }, { mayDetails }) => (mayDetails ? reason : undefined), { since: 84 }],
]);

const EVENTS_SINCE = 51;

/** With its steps, which before 2.51 only those are shown who may see the traceback. */
export const presentAction = representation<ServerAction, ActionViewer>([
  ...BRIEF,
  [
    'events',
    ({ steps }, viewer) =>
      viewer.mayEvents || viewer.minor >= EVENTS_SINCE ? steps.map((step) => presentStep(step, viewer)) : undefined,
  ],
]);

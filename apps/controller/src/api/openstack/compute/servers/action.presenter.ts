import { hostname } from 'node:os';
import type { ActionStep, ServerAction } from '../../../../application/server/server-actions';
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

/** As a list shows it. */
export const presentActionBrief = (
  action: ServerAction,
  { instanceId, minor }: BriefViewer,
): Record<string, unknown> => ({
  action: action.action,
  instance_uuid: instanceId,
  request_id: action.requestId,
  user_id: action.userId,
  project_id: action.projectId,
  start_time: micros(action.startedAt),
  message: action.steps.some(({ result }) => result === 'Error') ? 'Error' : null,
  ...(minor >= 58 ? { updated_at: micros(action.updatedAt) } : {}),
});

/** The reason of a failure stands for a traceback, and from 2.84 on for its details. */
function presentStep(step: ActionStep, { minor, mayEvents, mayDetails, projectId }: ActionViewer): unknown {
  const { event, startedAt, finishedAt, result, reason } = step;
  const host = step.host ?? hostname(); // what the controller does
  return {
    event,
    start_time: micros(startedAt),
    finish_time: microsOrNull(finishedAt),
    result,
    ...(mayEvents ? { traceback: reason } : {}),
    ...(mayEvents && minor >= 62 ? { host } : {}),
    ...(minor >= 62 ? { hostId: hostIdOf(host, projectId) } : {}),
    ...(mayDetails && minor >= 84 ? { details: reason } : {}),
  };
}

/** With its steps, which before 2.51 only those are shown who may see the traceback. */
export const presentAction = (action: ServerAction, viewer: ActionViewer): Record<string, unknown> => ({
  ...presentActionBrief(action, viewer),
  ...(viewer.mayEvents || viewer.minor >= 51 ? { events: action.steps.map((step) => presentStep(step, viewer)) } : {}),
});

import type { ActionStep, ServerAction } from '../../../../application/server/server-actions';
import { micros, microsOrNull } from '../shared/timestamps';

/** As a list shows it. */
export const presentActionBrief = (instanceId: string, action: ServerAction): Record<string, unknown> => ({
  action: action.action,
  instance_uuid: instanceId,
  request_id: action.requestId,
  user_id: action.userId,
  project_id: action.projectId,
  start_time: micros(action.startedAt),
  message: action.steps.some(({ result }) => result === 'Error') ? 'Error' : null,
});

const presentStep = ({ event, startedAt, finishedAt, result, reason }: ActionStep): unknown => ({
  event,
  start_time: micros(startedAt),
  finish_time: microsOrNull(finishedAt),
  result,
  traceback: reason,
});

/** With its steps, which below 2.51 administrators alone are shown; the reason of a failure stands for a traceback. */
export const presentAction = (instanceId: string, action: ServerAction, admin: boolean): Record<string, unknown> => ({
  ...presentActionBrief(instanceId, action),
  ...(admin ? { events: action.steps.map(presentStep) } : {}),
});

import { type InstanceEvent, type Instant, upcast } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** One part of an action, on a host or in the scheduler. */
export interface ActionStep {
  readonly event: string;
  readonly startedAt: Instant;
  /** Null while it is under way, or when something else ended it. */
  readonly finishedAt: Instant | null;
  readonly result: 'Success' | 'Error' | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** Something that was asked of a server, as nova's instance actions are. */
export interface ServerAction {
  readonly action: 'create' | 'stop' | 'start' | 'reboot' | 'delete';
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string | null;
  readonly startedAt: Instant;
  readonly steps: readonly ActionStep[];
}

const SCHEDULE = 'conductor_schedule_and_build_instances';
const BUILD = 'compute__do_build_and_run_instance';

interface Open {
  readonly action: ServerAction['action'];
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string | null;
  readonly startedAt: Instant;
  readonly steps: ActionStep[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function opened(action: Open['action'], { metadata }: RecordedEvent, first: string): Open {
  const actor = metadata['actor'] as { readonly userId?: unknown; readonly projectId?: unknown } | undefined;
  const startedAt = text(metadata['at']);
  return {
    action,
    requestId: text(metadata['requestId']),
    userId: text(actor?.userId),
    projectId: typeof actor?.projectId === 'string' ? actor.projectId : null,
    startedAt,
    steps: [step(first, startedAt)],
  };
}

const step = (event: string, startedAt: Instant): ActionStep => ({
  event,
  startedAt,
  finishedAt: null,
  result: null,
  reason: null,
});

/** Ends the step that is under way, if one is. */
function finish(open: Open | undefined, at: Instant, failure: string | null = null): void {
  const last = open?.steps.at(-1);
  if (open === undefined || last?.finishedAt !== null) return;
  const result = failure === null ? 'Success' : 'Error';
  open.steps.splice(-1, 1, { ...last, finishedAt: at, result, reason: failure });
}

/** @param events of one instance's stream, from its first. What Cairn does of its own accord is no action. */
export function actionsOf(events: readonly RecordedEvent[]): readonly ServerAction[] {
  const actions: Open[] = [];
  const byOperation = new Map<string, Open>();
  const begin = (open: Open, operationId: string): void => {
    actions.push(open);
    byOperation.set(operationId, open);
  };
  const launch = (): Open | undefined => byOperation.get('launch');
  for (const recorded of events) {
    const event = upcast({ type: recorded.type, data: recorded.data }) as InstanceEvent;
    const at = text(recorded.metadata['at']);
    switch (event.type) {
      case 'instance.launch-requested.v1':
        begin(opened('create', recorded, SCHEDULE), 'launch');
        break;
      case 'instance.host-claimed.v1':
        finish(launch(), at);
        launch()?.steps.push(step(BUILD, at));
        break;
      case 'instance.launch-attempt-failed.v1':
        finish(launch(), at, event.data.message);
        launch()?.steps.push(step(SCHEDULE, at));
        break;
      case 'instance.launched.v1':
        finish(launch(), at);
        break;
      case 'instance.launch-failed.v1':
        finish(launch(), at, event.data.message);
        break;
      case 'instance.stop-requested.v1':
        begin(opened('stop', recorded, 'compute_stop_instance'), event.data.operationId);
        break;
      case 'instance.start-requested.v1':
        begin(opened('start', recorded, 'compute_start_instance'), event.data.operationId);
        break;
      case 'instance.reboot-requested.v1':
        begin(opened('reboot', recorded, 'compute_reboot_instance'), event.data.operationId);
        break;
      case 'instance.deletion-requested.v1':
        begin(opened('delete', recorded, 'compute_terminate_instance'), 'delete');
        break;
      case 'instance.stopped.v1':
      case 'instance.started.v1':
      case 'instance.rebooted.v1':
        finish(byOperation.get(event.data.operationId), at);
        break;
      case 'instance.operation-failed.v1':
        finish(byOperation.get(event.data.operationId), at, event.data.message);
        break;
      case 'instance.deleted.v1':
        finish(byOperation.get('delete'), at);
        break;
      default: // names, metadata, addresses: no action of nova's
    }
  }
  return actions;
}

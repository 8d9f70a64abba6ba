import {
  type InstanceEvent,
  type Instant,
  isOperationEvent,
  type OperationName,
  type OperationStep,
  operationStep,
  upcast,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** One part of an action, on a host or in the scheduler. */
export interface ActionStep {
  readonly event: string;
  readonly startedAt: Instant;
  /** Null while the step runs, or if another step replaced it. */
  readonly finishedAt: Instant | null;
  readonly result: 'Success' | 'Error' | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** An action on a server, as nova's instance actions list it. */
export interface ServerAction {
  readonly action: OperationName | 'create';
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

/** Ends the running step, if there is one. */
function finish(open: Open | undefined, at: Instant, failure: string | null = null): void {
  const last = open?.steps.at(-1);
  if (open === undefined || last?.finishedAt !== null) return;
  const result = failure === null ? 'Success' : 'Error';
  open.steps.splice(-1, 1, { ...last, finishedAt: at, result, reason: failure });
}

/** nova's name for the part of an operation that a host or the compute service does. */
const stepName = (operation: OperationName): string =>
  operation === 'delete' ? 'compute_terminate_instance' : `compute_${operation}_instance`;

class Actions {
  readonly all: Open[] = [];
  private readonly open = new Map<string, Open>();

  begin(action: Open['action'], recorded: RecordedEvent, first: string, id: string = action): void {
    const open = opened(action, recorded, first);
    this.all.push(open);
    this.open.set(id, open);
  }

  /** Ends the running step and begins the next, if there is one. */
  finish(id: string, at: Instant, failure: string | null = null, next?: string): void {
    const open = this.open.get(id);
    finish(open, at, failure);
    if (next !== undefined) open?.steps.push(step(next, at));
  }

  /** Skips what hosts report and what nova does not list. */
  take(done: OperationStep, recorded: RecordedEvent, at: Instant): void {
    const { name, isListed } = done.operation;
    if (!isListed) return;
    switch (done.stage) {
      case 'begun':
        this.begin(name, recorded, stepName(name), done.operationId);
        return;
      case 'ended':
        this.finish(done.operationId, at);
        return;
      case 'failed':
        this.finish(done.operationId, at, done.message);
        return;
      case 'happened':
        this.begin(name, recorded, stepName(name));
        if (name !== 'delete') this.finish(name, at); // a deletion ends when all is given back
    }
  }
}

/** @param events of one instance's stream, from its first. Work that Cairn begins by itself is no action. */
export function actionsOf(events: readonly RecordedEvent[]): readonly ServerAction[] {
  const actions = new Actions();
  for (const recorded of events) {
    const event = upcast({ type: recorded.type, data: recorded.data }) as InstanceEvent;
    const at = text(recorded.metadata['at']);
    if (isOperationEvent(event)) {
      actions.take(operationStep(event), recorded, at);
      continue;
    }
    switch (event.type) {
      case 'instance.launch-requested.v1':
        actions.begin('create', recorded, SCHEDULE);
        break;
      case 'instance.host-claimed.v1':
        actions.finish('create', at, null, BUILD);
        break;
      case 'instance.launch-attempt-failed.v1':
        actions.finish('create', at, event.data.message, SCHEDULE);
        break;
      case 'instance.launched.v1':
        actions.finish('create', at);
        break;
      case 'instance.launch-failed.v1':
        actions.finish('create', at, event.data.message);
        break;
      case 'instance.deleted.v1':
        actions.finish('delete', at);
        break;
      default: // addresses and releases: nova lists no actions for them
    }
  }
  return actions.all;
}

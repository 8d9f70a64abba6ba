import {
  type AnyOperation,
  type InstanceEvent,
  type Instant,
  isOperationEvent,
  operationNamed,
  type OperationStep,
  operationStep,
  upcast,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** One part of an action, on a host or in the scheduler. */
export interface ActionStep {
  readonly event: string;
  /** The host that did it; null for what the controller does. */
  readonly host: string | null;
  readonly startedAt: Instant;
  /** Null while the step runs, or if another step replaced it. */
  readonly finishedAt: Instant | null;
  readonly result: 'Success' | 'Error' | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** An action on a server, as nova's instance actions list it. */
export interface ServerAction {
  readonly action: string;
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string | null;
  readonly startedAt: Instant;
  /** When the last of its steps began or ended. */
  readonly updatedAt: Instant;
  readonly steps: readonly ActionStep[];
}

const SCHEDULE = 'conductor_schedule_and_build_instances';
const BUILD = 'compute__do_build_and_run_instance';

interface Open extends Omit<ServerAction, 'steps' | 'updatedAt'> {
  updatedAt: Instant;
  readonly steps: ActionStep[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function opened(action: string, { metadata }: RecordedEvent, first: ActionStep): Open {
  const actor = metadata['actor'] as { readonly userId?: unknown; readonly projectId?: unknown } | undefined;
  return {
    action,
    requestId: text(metadata['requestId']),
    userId: text(actor?.userId),
    projectId: typeof actor?.projectId === 'string' ? actor.projectId : null,
    startedAt: first.startedAt,
    updatedAt: first.startedAt,
    steps: [first],
  };
}

const step = (event: string, startedAt: Instant, host: string | null): ActionStep => ({
  event,
  host,
  startedAt,
  finishedAt: null,
  result: null,
  reason: null,
});

/** Ends the running step, if there is one. */
function finish(open: Open | undefined, at: Instant, failure: string | null): void {
  const last = open?.steps.at(-1);
  if (open === undefined || last?.finishedAt !== null) return;
  const result = failure === null ? 'Success' : 'Error';
  open.steps.splice(-1, 1, { ...last, finishedAt: at, result, reason: failure });
  open.updatedAt = at;
}

/** nova's names for what its compute service does, where they are not made of the action's. */
const STEPS: Readonly<Record<string, string>> = {
  delete: 'compute_terminate_instance',
  crashDump: 'compute_trigger_crash_dump',
  attachInterface: 'compute_attach_interface',
  detachInterface: 'compute_detach_interface',
};

const stepName = (operation: AnyOperation): string => STEPS[operation.name] ?? `compute_${operation.listedAs}_instance`;

/** A deletion ends when all is given back, an offload when the host has cleared the server away. */
const ENDING_LATER: ReadonlySet<string> = new Set(['delete', 'shelveOffload']);

/** Folds a server's events into its actions. */
class Actions {
  readonly all: Open[] = [];
  /** Where the server is, or is to be launched. */
  host: string | null = null;
  private readonly open = new Map<string, Open>();

  begin(action: string, recorded: RecordedEvent, event: string, host: string | null, id: string = action): void {
    const open = opened(action, recorded, step(event, text(recorded.metadata['at']), host));
    this.all.push(open);
    this.open.set(id, open);
  }

  /** Ends the running step and begins the next, if there is one. */
  finish(id: string, at: Instant, failure: string | null = null, next?: ActionStep): void {
    const open = this.open.get(id);
    finish(open, at, failure);
    if (next !== undefined) open?.steps.push(next);
  }

  /** Logs of 0.1 have no request before it: there it was the action itself. */
  offloaded(recorded: RecordedEvent, at: Instant): void {
    const offload = operationNamed('shelveOffload');
    if (!this.open.has(offload.listedAs)) this.begin(offload.listedAs, recorded, stepName(offload), null);
    this.finish(offload.listedAs, at);
  }

  /** Skips what hosts report and what nova does not list. */
  take(done: OperationStep, recorded: RecordedEvent, at: Instant): void {
    const { name, isListed, listedAs } = done.operation;
    if (!isListed) return;
    switch (done.stage) {
      case 'begun':
        this.begin(listedAs, recorded, stepName(done.operation), this.host, done.operationId);
        return;
      case 'ended':
        this.finish(done.operationId, at);
        return;
      case 'failed':
        this.finish(done.operationId, at, done.message);
        return;
      case 'happened': {
        const goesOn = ENDING_LATER.has(name);
        this.begin(listedAs, recorded, stepName(done.operation), goesOn ? this.host : null);
        if (!goesOn) this.finish(listedAs, at, null);
      }
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
        actions.begin('create', recorded, SCHEDULE, null);
        break;
      case 'instance.host-chosen.v2':
        actions.host = event.data.hostName;
        break;
      case 'instance.host-claimed.v1':
        actions.finish('create', at, null, step(BUILD, at, actions.host));
        break;
      case 'instance.launch-attempt-failed.v1':
        actions.finish('create', at, event.data.message, step(SCHEDULE, at, null));
        break;
      case 'instance.launched.v1':
        actions.finish('create', at);
        break;
      case 'instance.launch-failed.v1':
        actions.finish('create', at, event.data.message);
        break;
      case 'instance.offloaded.v1':
        actions.offloaded(recorded, at);
        break;
      case 'instance.deleted.v1':
        actions.finish('delete', at);
        break;
      default: // addresses and releases: nova lists no actions for them
    }
  }
  return actions.all;
}

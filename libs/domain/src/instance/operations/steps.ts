import type { Message } from '../../kernel/aggregate';
import type { EventCatalogue, EventEntry } from '../../kernel/catalogue';
import type { Instant } from '../../kernel/time';
import type { InstanceFacts } from '../spec';
import type { Standing } from '../standing';
import {
  type AnyHostOperation,
  type AnyImmediateOperation,
  type BegunEvent,
  type EndedEvent,
  HOST_OPERATIONS,
  hostOperationNamed,
  type HostOperationName,
  IMMEDIATE_OPERATIONS,
  type ImmediateEvent,
} from './index';

/** The host could not do it, or did not answer in time. */
interface FailedEvent {
  readonly type: 'instance.operation-failed.v1';
  readonly data: {
    readonly operationId: string;
    readonly kind: HostOperationName;
    readonly code: string;
    readonly message: string;
    /** What was before could not be made true again. */
    readonly lost?: true;
  };
}

export type OperationEvent = BegunEvent | EndedEvent | FailedEvent | ImmediateEvent;

interface HostStep {
  readonly operation: AnyHostOperation;
  readonly operationId: string;
}

/** What an event says of an operation: it began, ended, failed, or was done in one step. */
export type OperationStep =
  | (HostStep & {
      readonly stage: 'begun';
      readonly process: 1 | 2;
      readonly notAfter: Instant;
      readonly input: object;
    })
  | (HostStep & { readonly stage: 'ended'; readonly facts: InstanceFacts; readonly now?: Standing })
  | (HostStep & { readonly stage: 'failed'; readonly code: string; readonly message: string; readonly lost: boolean })
  | {
      readonly stage: 'happened';
      readonly operation: AnyImmediateOperation;
      readonly event: ImmediateEvent;
    };

const BEGUN = new Map<string, AnyHostOperation>(HOST_OPERATIONS.map((one) => [one.requested, one]));
const ENDED = new Map<string, AnyHostOperation>(HOST_OPERATIONS.map((one) => [one.done, one]));
const HAPPENED = new Map<string, AnyImmediateOperation>(IMMEDIATE_OPERATIONS.map((one) => [one.done, one]));

const isBegun = (event: Message): event is BegunEvent => BEGUN.has(event.type);
const isEnded = (event: Message): event is EndedEvent => ENDED.has(event.type);
const isHappened = (event: Message): event is ImmediateEvent => HAPPENED.has(event.type);
const isFailed = (event: Message): event is FailedEvent => event.type === 'instance.operation-failed.v1';

export const isOperationEvent = (event: Message): event is OperationEvent =>
  isBegun(event) || isEnded(event) || isFailed(event) || isHappened(event);

const entry = (type: string, meaning: string): readonly [string, EventEntry] => [type, { meaning, shown: true }];

/** Every event type of the table. The assertion holds, since keys and types follow from the same definitions. */
export const operationEvents = Object.fromEntries([
  ...HOST_OPERATIONS.flatMap(({ requested, requestMeaning, done, meaning }) => [
    entry(requested, requestMeaning),
    entry(done, meaning),
  ]),
  ...IMMEDIATE_OPERATIONS.map(({ done, meaning }) => entry(done, meaning)),
  entry('instance.operation-failed.v1', 'The host could not do an operation, or did not answer in time.'),
]) as EventCatalogue<OperationEvent>;

export function operationStep(event: OperationEvent): OperationStep {
  if (isHappened(event)) return { stage: 'happened', operation: known(HAPPENED.get(event.type)), event };
  if (isEnded(event)) return { stage: 'ended', operation: known(ENDED.get(event.type)), ...event.data };
  if (isFailed(event)) {
    const { kind, operationId, code, message, lost = false } = event.data;
    return { stage: 'failed', operation: hostOperationNamed(kind), operationId, code, message, lost };
  }
  const { process, operationId, notAfter, ...input } = event.data;
  return { stage: 'begun', operation: known(BEGUN.get(event.type)), process, operationId, notAfter, input };
}

function known<T>(operation: T | undefined): T {
  if (operation === undefined) throw new Error('an event of no operation');
  return operation;
}

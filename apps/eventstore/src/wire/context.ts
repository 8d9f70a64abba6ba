import type { EventLog } from '../log/event-log';
import type { ActiveSubscriptions } from '../subscriptions/active-subscriptions';
import type { MakeCheckpoints } from '../subscriptions/checkpoints';
import type { Gate } from './access';
import type { ActiveCalls } from './active-calls';
import type { MemoryBudget } from './memory-budget';

/** What every service needs. */
export interface WireContext {
  readonly log: EventLog;
  readonly calls: ActiveCalls;
  /** Asked who makes a call, and then what that caller may do. */
  readonly gate: Gate;
  /** What appends that are not answered yet may take. */
  readonly budget: MemoryBudget;
  /** Bytes that one append may carry: payload, metadata and twice the length of each type. */
  readonly maxAppendSize: number;
  readonly subscriptions: ActiveSubscriptions;
  /** Another release's way to say how far a filtered subscription is, for tests of clients. */
  readonly checkpoints: MakeCheckpoints | undefined;
  /** Told of each append that is turned away before it reaches the log. */
  readonly onRefused: () => void;
}

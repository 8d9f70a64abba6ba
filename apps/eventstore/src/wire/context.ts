import type { EventLog } from '../log/event-log';
import type { Gate } from './access';
import type { ActiveCalls } from './active-calls';

/** What every service needs. */
export interface WireContext {
  readonly log: EventLog;
  readonly calls: ActiveCalls;
  /** Asked who makes a call, and then what that caller may do. */
  readonly gate: Gate;
  /** Bytes that one append may carry: payload, metadata and twice the length of each type. */
  readonly maxAppendSize: number;
}

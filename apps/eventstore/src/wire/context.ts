import type { EventLog } from '../log/event-log';
import type { ActiveCalls } from './active-calls';

/** What every service needs. */
export interface WireContext {
  readonly log: EventLog;
  readonly calls: ActiveCalls;
  /** Bytes that one append may carry: payload, metadata and twice the length of each type. */
  readonly maxAppendSize: number;
}

import type { StreamRef } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** An event of a domain stream, with the state before and after it as the log alone says. */
export interface Audited {
  readonly event: RecordedEvent;
  readonly ref: StreamRef;
  readonly before: unknown;
  readonly after: unknown;
}

/** What must hold after each event: says what does not. */
export type Rule = (audited: Audited) => string | undefined;

import type { StreamRef } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** An event of a domain stream, with the state before and after it as the log alone says. */
export interface Audited {
  readonly event: RecordedEvent;
  readonly ref: StreamRef;
  readonly before: unknown;
  readonly after: unknown;
}

/** A rule for the state after each event; reports violations. */
export type Rule = (audited: Audited) => string | undefined;

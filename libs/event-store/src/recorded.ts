import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { bodyOf } from './body';
import type { RecordedEvent } from './port';

/** The client's event as the port has it. */
export function recorded(event: ClientEvent): RecordedEvent {
  return {
    id: event.id,
    type: event.type,
    stream: event.streamId,
    revision: event.revision,
    position: event.position?.commit ?? 0n,
    created: event.created.toISOString(),
    data: bodyOf(event.data),
    metadata: bodyOf(event.metadata),
  };
}

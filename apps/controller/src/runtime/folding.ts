import { type AnyAggregate, upcast } from '@cairn/domain';
import {
  type EventStore,
  type ExpectedRevision,
  linkOf,
  type NewEvent,
  type RecordedEvent,
  StoreUnready,
} from '@cairn/event-store';

import { causeOf, contextOf } from './event-metadata';
import type { Try } from './repeats';
import { isBehind, nextRevision } from './revisions';
import type { Folded, Snapshots } from './snapshots';

/** The state after an event, which need not be in the log yet. */
export function evolved(aggregate: AnyAggregate, folded: Folded, event: NewEvent | RecordedEvent): Folded {
  const message = upcast({ type: event.type, data: event.data });
  return {
    ...folded,
    state: aggregate.evolve(folded.state, message, contextOf(event)),
    link: linkOf(event),
    cause: causeOf(event),
  };
}

/** The state after an event of the log. */
export function recorded(aggregate: AnyAggregate, folded: Folded, event: RecordedEvent): Folded {
  const { revision, position } = event;
  folded.recent.note(contextOf(event).commandId, { revision, position });
  return { ...evolved(aggregate, folded, event), revision, position };
}

interface Tail {
  readonly stream: string;
  readonly aggregate: AnyAggregate;
  /** A revision that it is known to have reached. */
  readonly atLeast: ExpectedRevision;
}

/**
 * Folds what stands behind a state, and notes events of commands that wait. A long stream is read from its snapshot.
 * @throws StoreUnready if less is shown than is known: a node that was cut off from the others goes on answering for a while
 */
export async function readTail(
  { store, snapshots }: { readonly store: EventStore; readonly snapshots: Snapshots },
  tail: Tail,
  from: Folded,
  waiting: readonly Try[],
): Promise<Folded> {
  const { stream, aggregate, atLeast } = tail;
  let folded = from;
  for await (const event of store.read(stream, nextRevision(from.revision))) {
    folded = recorded(aggregate, folded, event);
    const { commandId } = contextOf(event);
    waiting.find(({ context }) => context.commandId === commandId)?.found.push(event);
    const ahead = await snapshots.ahead(stream, aggregate, folded);
    if (ahead !== undefined) return readTail({ store, snapshots }, tail, ahead, waiting);
  }
  if (isBehind(folded.revision, atLeast)) throw new StoreUnready(`read ${stream}: the node is behind`);
  return folded;
}

import { aggregateOf, streamName, upcast } from '@cairn/domain';
import type { EventStore, Position } from '@cairn/event-store';

import { contextOf } from './event-metadata';
import type { OfEffect } from './ports';

/**
 * The position of the event since which a stream owes an effect, which nobody can have carried out before: found by
 * folding the stream again. 0 if that would cost too much, or the stream never owed it.
 */
export async function dueSince(store: Pick<EventStore, 'read'>, { owner, id }: OfEffect): Promise<Position> {
  const aggregate = aggregateOf(owner.category);
  if (aggregate?.due === undefined || aggregate.growing === true) return 0n;
  let state = aggregate.initial;
  for await (const event of store.read(streamName(owner))) {
    state = aggregate.evolve(state, upcast({ type: event.type, data: event.data }), contextOf(event));
    if (aggregate.due(state).some((effect) => effect.id === id)) return event.position;
  }
  return 0n;
}

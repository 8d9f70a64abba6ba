import { aggregateOf, streamName } from '@cairn/domain';
import type { EventStore, Position } from '@cairn/event-store';

import { evolved } from './folding';
import type { OfEffect } from './ports';
import { blank } from './snapshots';

/**
 * The position of the event since which a stream owes an effect, which nobody can have carried out before: found by
 * folding the stream again. 0 if that would cost too much, or the stream never owed it.
 */
export async function dueSince(store: Pick<EventStore, 'read'>, { owner, id }: OfEffect): Promise<Position> {
  const aggregate = aggregateOf(owner.category);
  if (aggregate?.due === undefined || aggregate.growing === true) return 0n;
  let folded = blank(aggregate);
  for await (const event of store.read(streamName(owner))) {
    folded = evolved(aggregate, folded, event);
    if (aggregate.due(folded.state).some((effect) => effect.id === id)) return event.position;
  }
  return 0n;
}

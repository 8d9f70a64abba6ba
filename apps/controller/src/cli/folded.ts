import { type Context, type Message, upcast } from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';

import { contextOf } from '../runtime/event-metadata';
import { collect } from './log-scan';

/** Of an aggregate, what it takes to read its streams. */
interface Fold<S> {
  readonly initial: S;
  evolve(state: S, event: Message, context: Context): S;
}

/** The state after an event of the log. */
export const evolved = <S>(aggregate: Fold<S>, event: RecordedEvent, state: S = aggregate.initial): S =>
  aggregate.evolve(state, upcast({ type: event.type, data: event.data }), contextOf(event));

/** The state after some events of a stream, the first one among them. */
export const folded = <S>(aggregate: Fold<S>, events: readonly RecordedEvent[]): S =>
  events.reduce((state, event) => evolved(aggregate, event, state), aggregate.initial);

/** The state that a stream leads to. */
export const stateOf = async <S>(store: Pick<EventStore, 'read'>, aggregate: Fold<S>, stream: string): Promise<S> =>
  folded(aggregate, await collect(store.read(stream)));

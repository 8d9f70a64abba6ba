import { aggregateOf, type Context, effectName, parseStream, upcast } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

import { Stage } from './stage';
import type { Story } from './story';

/** An event as it is frozen: what the log holds of it, but for revision and position, which its place says. */
export interface FrozenEvent {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** An effect that a stream owes: its id, its kind, and in one word its subject. */
export interface FrozenEffect {
  readonly id: string;
  readonly kind: string;
  readonly what: string;
}

/** A history as it is frozen: each event with all that its stream owes after it. */
export interface FrozenHistory {
  readonly about: string;
  readonly finished: boolean;
  readonly events: readonly (FrozenEvent & { readonly due: readonly FrozenEffect[] })[];
}

/** Plays a story and records what the log holds then. */
export async function record(story: Story): Promise<FrozenHistory> {
  const stage = new Stage(story.name);
  await story.play(stage);
  const states = new Map<string, unknown>();
  const events = (await stage.log()).map((event) => ({ ...frozen(event), due: dueAfter(event, states) }));
  const { about, finished } = story;
  return { about, finished, events };
}

const frozen = ({ stream, id, type, data, metadata }: RecordedEvent): FrozenEvent => ({
  stream,
  id,
  type,
  data,
  metadata,
});

function dueAfter(event: RecordedEvent, states: Map<string, unknown>): readonly FrozenEffect[] {
  const aggregate = aggregateOf(parseStream(event.stream)?.category ?? '');
  if (aggregate === undefined) throw new Error(`${event.stream} is not a stream of the domain`);
  const before = states.get(event.stream) ?? aggregate.initial;
  const state = aggregate.evolve(
    before,
    upcast({ type: event.type, data: event.data }),
    event.metadata as unknown as Context,
  );
  states.set(event.stream, state);
  return (aggregate.due?.(state) ?? []).map((effect) => ({
    id: effect.id,
    kind: effect.kind,
    what: effectName(effect),
  }));
}

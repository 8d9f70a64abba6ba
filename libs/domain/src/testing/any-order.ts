import fc, { type Arbitrary } from 'fast-check';

import type { Aggregate, Context, Message } from '../kernel/aggregate';
import type { Effect } from '../kernel/effect';
import { DomainError } from '../kernel/errors';
import { facts, uuid } from './examples';
import { after } from './given';

/** The rules that must hold in every state. Returns the broken ones. */
export type Invariant<S, E> = (state: S, before: S, events: readonly E[]) => void;

const refusal = { code: 'a.b', message: 'No.', permanent: false };

/** Every command that an effect can send. */
function outcomesOf(effect: Effect): readonly Message[] {
  const bad = [effect.onRefused(refusal), ...(effect.onExpired === undefined ? [] : [effect.onExpired])];
  switch (effect.kind) {
    case 'job':
      return [effect.onDone(facts, null), effect.onDone(facts, { bootId: uuid(1), notAfter: after(900) }), ...bad];
    case 'place':
      return [effect.onDone({ hostId: uuid(11), hostName: 'node-a' }), ...bad];
    case 'command':
      return [effect.onDone({ address: '10.0.0.2', mac: 'fa:16:3e:00:00:01', network: {} }), ...bad];
  }
}

/**
 * Commands in any order, and now and then an outcome of what is due. After each: refused or decided, but never another
 * error; the same again changes nothing; ids of effects differ; the stream takes every outcome of them; `invariant` holds.
 */
export function holdsInAnyOrder<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  first: Arbitrary<readonly C[]>,
  commands: Arbitrary<C>,
  invariant: Invariant<S, E>,
): void {
  const step = fc.record({
    command: commands,
    seconds: fc.integer({ min: 0, max: 20 }),
    outcome: fc.option(fc.nat(), { freq: 2 }),
  });
  fc.assert(
    fc.property(first, fc.array(step, { maxLength: 50, size: 'max' }), (begin, steps) => {
      let state = aggregate.initial;
      let [time, count] = [0, 0];
      const carryOut = (command: C): void => {
        count += 1;
        const context = { commandId: uuid(count), at: after(time) };
        state = tried(aggregate, state, command, context, invariant);
        expectSoundEffects(aggregate, state, context);
      };
      begin.forEach(carryOut);
      for (const { command, seconds, outcome } of steps) {
        time += seconds;
        const due = (aggregate.due?.(state) ?? []).flatMap(outcomesOf);
        carryOut(outcome === null || due.length === 0 ? command : (due[outcome % due.length] as C));
      }
    }),
    { numRuns: 60 },
  );
}

/** All but tombstones: a second release of a claim leaves one, by which the claim stays refused. That is no harm. */
const lasting = (state: unknown): unknown => ({ ...(state as object), tombstones: undefined });

/** Undefined for a refusal; any other error goes through and fails the test. */
function decided<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  command: C,
  context: Context,
): readonly E[] | undefined {
  try {
    return aggregate.decide(command, state, context);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function tried<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  before: S,
  command: C,
  context: Context,
  invariant: Invariant<S, E>,
): S {
  const events = decided(aggregate, before, command, context) ?? [];
  // as the log gives them back
  const read = JSON.parse(JSON.stringify(events)) as readonly E[];
  const state = read.reduce((s, event) => aggregate.evolve(s, event, context), before);
  invariant(state, before, read);
  aggregate.answer?.(command, state);
  const again = decided(aggregate, state, command, context) ?? [];
  if (again.length > 0)
    expect(lasting(again.reduce((s, event) => aggregate.evolve(s, event, context), state))).toEqual(lasting(state));
  return state;
}

function expectSoundEffects<S, C extends Message, E extends Message>(
  aggregate: Aggregate<S, C, E>,
  state: S,
  context: Context,
): void {
  const due = aggregate.due?.(state) ?? [];
  expect(new Set(due.map(({ id }) => id)).size).toBe(due.length);
  for (const effect of due)
    for (const outcome of outcomesOf(effect))
      expect(aggregate.decide(outcome as C, state, context)).toBeInstanceOf(Array);
}

import { instance, type InstanceEvent } from '../instance';
import { type Effect, effectName, type JobEffect } from '../kernel/effect';
import { facts } from './examples';
import { after, specOf } from './given';

const given = specOf(instance);

/** What a server with this history owes, by name and in order. */
export const owed = (...history: readonly InstanceEvent[]): readonly string[] => given(...history).owed.map(effectName);
/** The one effect of that name that it owes. */
export const effect = (name: string, ...history: readonly InstanceEvent[]): Effect => {
  const found = given(...history).owed.find((one) => effectName(one) === name);
  if (found === undefined) throw new Error(`${name} is not owed`);
  return found;
};
export const job = (name: string, ...history: readonly InstanceEvent[]): JobEffect =>
  effect(name, ...history) as JobEffect;

/** Carries out due effects one after the other, and returns their order. */
export function clearedAway(history: readonly InstanceEvent[]): readonly (readonly string[])[] {
  const steps: string[][] = [];
  let events = [...history];
  for (let due = given(...events).owed; due.length > 0; due = given(...events).owed) {
    steps.push(due.map(effectName));
    const one = due[0] as Exclude<Effect, { kind: 'place' }>;
    const outcome = one.kind === 'job' ? one.onDone(facts, null) : one.onDone(undefined);
    const { state } = given(...events);
    events = [
      ...events,
      ...instance.decide(outcome as Parameters<typeof instance.decide>[0], state, { commandId: '', at: after(1) }),
    ];
  }
  return steps;
}

import { catalogueOf } from './catalogue';
import type { Aggregate, Message, Owes } from './kernel';
import { enrolment, type EnrolmentCommand, type EnrolmentEvent } from './enrolment';
import { flavor, type FlavorCommand, type FlavorEvent } from './flavor';
import { host, type HostCommand, type HostEvent } from './host';
import { image, type ImageCommand, type ImageEvent } from './image';
import { instance, type InstanceCommand, type InstanceEvent } from './instance';
import { keypairs, type KeyPairsCommand, type KeyPairsEvent } from './keypairs';
import { network, type NetworkCommand, type NetworkEvent } from './network';
import { project, type ProjectCommand, type ProjectEvent } from './project';
import { quota, type QuotaCommand, type QuotaEvent } from './quota';
import { registry, type RegistryCommand, type RegistryEvent } from './registry';
import { user, type UserCommand, type UserEvent } from './user';

export * from './enrolment';
export * from './flavor';
export * from './host';
export * from './ids';
export * from './image';
export * from './instance';
export * from './kernel';
export * from './keypairs';
export * from './network';
export * from './project';
export * from './quota';
export * from './registry';
export * from './upcasters';
export * from './user';

export type DomainCommand =
  | EnrolmentCommand
  | FlavorCommand
  | HostCommand
  | ImageCommand
  | InstanceCommand
  | KeyPairsCommand
  | NetworkCommand
  | ProjectCommand
  | QuotaCommand
  | RegistryCommand
  | UserCommand;

export type DomainEvent =
  | EnrolmentEvent
  | FlavorEvent
  | HostEvent
  | ImageEvent
  | InstanceEvent
  | KeyPairsEvent
  | NetworkEvent
  | ProjectEvent
  | QuotaEvent
  | RegistryEvent
  | UserEvent;

/** An aggregate whose state and messages are known only to itself: what the runtime handles. */
export type AnyAggregate = Aggregate<unknown, Message, Message>;

/** Every aggregate by its category. Adding one here is all that the runtime needs to run it. */
export const aggregates = {
  enrolment,
  flavor,
  host,
  image,
  instance,
  keypairs,
  network,
  project,
  quota,
  registry,
  user,
} as const;

export type Category = keyof typeof aggregates;

/** The aggregate of a category; undefined for streams that are not the domain's. */
export const aggregateOf = (category: string): AnyAggregate | undefined =>
  Object.hasOwn(aggregates, category) ? aggregates[category as Category] : undefined;

/** Every event that was ever written, by its type (`docs/events.md`). */
export const eventCatalogue = catalogueOf(Object.values(aggregates));

/** Every type of event that is written today. */
export const EVENT_TYPES: readonly string[] = [...new Set([...eventCatalogue.values()].map(({ type }) => type))].sort();

/** Every command that some aggregate gives to another one. */
export const EFFECT_COMMANDS: readonly string[] = owedBy(({ commands }) => commands);

/** Every kind of job that some aggregate gives to a host. */
export const EFFECT_JOBS: readonly string[] = owedBy(({ jobs }) => jobs);

/** The name of every effect that some aggregate can owe (`effectName`). */
export const EFFECT_NAMES: readonly string[] = [
  ...EFFECT_COMMANDS,
  ...EFFECT_JOBS,
  ...owedBy(({ places }) => (places ? ['place'] : [])),
];

function owedBy(names: (owes: Owes) => readonly string[]): readonly string[] {
  const all = Object.keys(aggregates).flatMap((category) => {
    const owes = aggregateOf(category)?.owes;
    return owes === undefined ? [] : names(owes);
  });
  return [...new Set(all)].sort();
}

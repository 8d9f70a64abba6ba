import type { AnyProjection, EventType } from './projection';
import * as readModels from './read-models';

type Exported = (typeof readModels)[keyof typeof readModels];
type Registered = Extract<Exported, { readonly types: object }>;

const isProjection = (exported: unknown): exported is AnyProjection =>
  typeof exported === 'object' && exported !== null && 'apply' in exported && 'types' in exported;

/** Every read model's projection, by name. */
export const projections: readonly AnyProjection[] = Object.values<unknown>(readModels)
  .filter(isProjection)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

type TypesOf<P> = P extends { readonly types: Readonly<Record<infer T, true>> } ? T : never;

/**
 * Events of the domain that no read model shows. A new event does not compile until a projection folds it or it is
 * named here: nothing is left out by accident.
 */
export const UNSEEN: Readonly<Record<Exclude<EventType, TypesOf<Registered>>, true>> = {
  'enrolment.host-joined.v1': true,
  'enrolment.host-revoked.v1': true,
  'enrolment.token-issued.v1': true,
  'flavor.creation-abandoned.v1': true,
  'host.claim-tombstoned.v1': true,
  'host.drift-detected.v1': true,
  'host.instance-informed.v1': true,
  'host.result-rejected.v1': true,
  'instance.launch-abandoned.v1': true,
  'instance.launch-undone.v1': true,
  'instance.released.v1': true,
  'instance.removal-failed.v1': true,
  'network.claim-tombstoned.v1': true,
  'project.creation-abandoned.v1': true,
  'quota.confirmed.v2': true,
  'quota.owner-found.v1': true,
  'quota.undo-requested.v2': true,
  'registry.name-claimed.v1': true,
  'registry.name-confirmed.v1': true,
  'registry.name-released.v1': true,
  'registry.numbers-allocated.v1': true,
  'user.creation-abandoned.v1': true,
};

/** Streams of other kinds are passed over whatever is in them; their events' types begin with these. */
const FOREIGN = ['agent.', 'audit.', 'relay.', 'snapshot.'] as const;

/** Types of events that no row shows. A type that nobody knows is not among them: it must stop the runner. */
export const UNWANTED: readonly string[] = [...Object.keys(UNSEEN), ...FOREIGN];

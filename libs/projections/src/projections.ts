import type { EventType, AnyProjection } from './projection';
import { flavors } from './flavor.v1/projector';
import { hostClaims } from './host-claim.v1/projector';
import { hosts } from './host.v1/projector';
import { images } from './image.v1/projector';
import { keypairRows } from './keypair.v1/projector';
import { networkAddresses } from './network-address.v1/projector';
import { networks } from './network.v1/projector';
import { projects } from './project.v1/projector';
import { quotaItems } from './quota-item.v1/projector';
import { quotas } from './quota.v1/projector';
import { revokedTokens } from './revoked-token.v1/projector';
import { roleAssignments } from './role-assignment.v1/projector';
import { servers } from './server.v1/projector';
import { users } from './user.v1/projector';

const all = [
  flavors,
  hostClaims,
  hosts,
  images,
  keypairRows,
  networkAddresses,
  networks,
  projects,
  quotaItems,
  quotas,
  revokedTokens,
  roleAssignments,
  servers,
  users,
] as const;

type TypesOf<P> = P extends { readonly types: Readonly<Record<infer T, true>> } ? T : never;

/**
 * Events of the domain that no read model shows. A new event does not compile until a projection folds it or it is
 * named here: nothing is left out by accident.
 */
export const UNSEEN: Readonly<Record<Exclude<EventType, TypesOf<(typeof all)[number]>>, true>> = {
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
  'quota.confirmed.v1': true,
  'quota.launch-found.v1': true,
  'quota.undo-requested.v1': true,
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

/** Every read model. Adding one here (and its migration) is all that the runner needs to keep it. */
export const projections = all as readonly unknown[] as readonly AnyProjection[];

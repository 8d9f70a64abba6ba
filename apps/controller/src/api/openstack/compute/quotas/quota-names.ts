import { QUOTA_RESOURCES } from '@cairn/domain';

/** The resources of a service's quota set, in nova's order. */
const namesOf = (...services: readonly string[]): readonly string[] =>
  Object.entries(QUOTA_RESOURCES).flatMap(([name, { service }]) => (services.includes(service) ? [name] : []));

const COMPUTE = namesOf('compute');
const COMPUTE_AND_NETWORK = namesOf('compute', 'network');

/** What a quota set speaks of: from 2.36 on nothing that concerns networks. */
export const quotaNames = (minor: number): readonly string[] => (minor < 36 ? COMPUTE_AND_NETWORK : COMPUTE);

/** What a quota class speaks of: server groups only from 2.50 on, networks until then. */
export const quotaClassNames: readonly string[] = COMPUTE_AND_NETWORK.filter(
  (name) => !['server_groups', 'server_group_members'].includes(name),
);

import { QUOTA_RESOURCES, type QuotaResourceName } from '@cairn/domain';
import { isIn, type Versions } from '../shared/representation';

const NETWORK: Versions = { until: 35 };
/** Files were written into guests up to 2.56. */
const FILES: Versions = { until: 56 };

/** The resources of quota sets that not every microversion has. */
const SETS: Readonly<Partial<Record<QuotaResourceName, Versions>>> = {
  fixed_ips: NETWORK,
  floating_ips: NETWORK,
  networks: NETWORK,
  security_group_rules: NETWORK,
  security_groups: NETWORK,
  injected_files: FILES,
  injected_file_content_bytes: FILES,
  injected_file_path_bytes: FILES,
};

const CLASS_NETWORK: Versions = { until: 49 };
const CLASS_GROUPS: Versions = { since: 50 };

/** Classes lost those of networks later, and learned those of groups then. */
const CLASSES: typeof SETS = {
  ...SETS,
  fixed_ips: CLASS_NETWORK,
  floating_ips: CLASS_NETWORK,
  networks: CLASS_NETWORK,
  security_group_rules: CLASS_NETWORK,
  security_groups: CLASS_NETWORK,
  server_groups: CLASS_GROUPS,
  server_group_members: CLASS_GROUPS,
};

/** nova's resources, in its order. */
const NAMES = Object.entries(QUOTA_RESOURCES).flatMap(([name, { service }]) =>
  service === 'compute' || service === 'network' ? [name as QuotaResourceName] : [],
);

const namesIn =
  (versions: typeof SETS) =>
  (minor: number, networks = false): readonly string[] =>
    NAMES.filter((name) => isIn(minor, versions[name] ?? {}) && (networks || name !== 'networks'));

/** What a quota set speaks of. @param networks whether networks have a quota (nova: `enable_network_quota`) */
export const quotaNames = namesIn(SETS);

/** What a quota class speaks of. @param networks as with a quota set */
export const quotaClassNames = namesIn(CLASSES);

import type { QuotaLimits } from '@cairn/domain';

export type QuotaResource = keyof QuotaLimits;

/** nova's names of what is limited, in its order. */
const NAMES: readonly (readonly [string, QuotaResource])[] = [
  ['cores', 'cores'],
  ['fixed_ips', 'fixedIps'],
  ['floating_ips', 'floatingIps'],
  ['injected_file_content_bytes', 'injectedFileContentBytes'],
  ['injected_file_path_bytes', 'injectedFilePathBytes'],
  ['injected_files', 'injectedFiles'],
  ['instances', 'instances'],
  ['key_pairs', 'keyPairs'],
  ['metadata_items', 'metadataItems'],
  ['ram', 'ramMb'],
  ['security_group_rules', 'securityGroupRules'],
  ['security_groups', 'securityGroups'],
  ['server_group_members', 'serverGroupMembers'],
  ['server_groups', 'serverGroups'],
];

const NETWORK = new Set<QuotaResource>(['fixedIps', 'floatingIps', 'securityGroupRules', 'securityGroups']);
const GROUPS = new Set<QuotaResource>(['serverGroups', 'serverGroupMembers']);

/** What a quota set speaks of: from 2.36 on nothing that concerns networks. */
export const quotaNames = (minor: number): readonly (readonly [string, QuotaResource])[] =>
  minor < 36 ? NAMES : NAMES.filter(([, resource]) => !NETWORK.has(resource));

/** What a quota class speaks of: server groups only from 2.50 on, networks until then. */
export const quotaClassNames: readonly (readonly [string, QuotaResource])[] = NAMES.filter(
  ([, resource]) => !GROUPS.has(resource),
);

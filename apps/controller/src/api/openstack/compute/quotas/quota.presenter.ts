import { type Amounts, own, type QuotaResourceName } from '@cairn/domain';
import { representation, type ShownField, type Versions } from '../shared/representation';
import { quotaClassNames, quotaNames } from './quota-names';

/** `GET os-quota-sets/{id}`. @param id null where nova's answer has none (updates). @param networks as for `quotaNames` */
export const presentQuotaSet = (id: string | null, limits: Amounts, minor: number, networks = false): unknown => ({
  quota_set: {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(quotaNames(minor, networks).map((name) => [name, own(limits, name)])),
  },
});

/** `GET os-quota-sets/{id}/detail`. Reservations count as in use, as in nova 26.1. */
export const presentQuotaDetail = (
  id: string,
  limits: Amounts,
  usage: Amounts,
  minor: number,
  networks = false,
): unknown => ({
  quota_set: {
    id,
    ...Object.fromEntries(
      quotaNames(minor, networks).map((name) => {
        const [limit, used] = [own(limits, name), own(usage, name) ?? 0];
        return [name, { limit, in_use: used, reserved: 0 }];
      }),
    ),
  },
});

/** `GET os-quota-class-sets/{id}`. @param id null where nova's answer has none (updates). */
export const presentQuotaClass = (id: string | null, limits: Amounts, minor: number, networks = false): unknown => ({
  quota_class_set: {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(quotaClassNames(minor, networks).map((name) => [name, own(limits, name)])),
  },
});

interface LimitsViewer {
  readonly minor: number;
  readonly usage: Amounts;
}

const limit = (name: string, of: QuotaResourceName, versions: Versions = {}): ShownField<Amounts, LimitsViewer> => [
  name,
  (limits) => own(limits, of),
  versions,
];

const used = (name: string, of: QuotaResourceName, versions: Versions = {}): ShownField<Amounts, LimitsViewer> => [
  name,
  (_, { usage }) => own(usage, of) ?? 0,
  versions,
];

const NETWORK: Versions = { until: 35 };
const FILES: Versions = { until: 56 };

const absolute = representation<Amounts, LimitsViewer>([
  limit('maxImageMeta', 'metadata_items', { until: 38 }),
  limit('maxPersonality', 'injected_files', FILES),
  limit('maxPersonalitySize', 'injected_file_content_bytes', FILES),
  limit('maxServerMeta', 'metadata_items'),
  limit('maxTotalCores', 'cores'),
  limit('maxTotalInstances', 'instances'),
  limit('maxTotalKeypairs', 'key_pairs'),
  limit('maxTotalRAMSize', 'ram'),
  limit('maxServerGroups', 'server_groups'),
  limit('maxServerGroupMembers', 'server_group_members'),
  used('totalCoresUsed', 'cores'),
  used('totalInstancesUsed', 'instances'),
  used('totalRAMUsed', 'ram'),
  used('totalServerGroupsUsed', 'server_groups'),
  limit('maxSecurityGroups', 'security_groups', NETWORK),
  limit('maxSecurityGroupRules', 'security_group_rules', NETWORK),
  limit('maxTotalFloatingIps', 'floating_ips', NETWORK),
  used('totalSecurityGroupsUsed', 'security_groups', NETWORK),
  used('totalFloatingIpsUsed', 'floating_ips', NETWORK),
]);

/** `GET limits`. There are no limits of rate. */
export const presentLimits = (limits: Amounts, usage: Amounts, minor: number): unknown => ({
  limits: { rate: [], absolute: absolute(limits, { minor, usage }) },
});

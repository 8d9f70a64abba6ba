import { type Amounts, own, type QuotaResourceName } from '@cairn/domain';
import { representation, type ShownField, type Versions } from '../shared/representation';

const limitsBy = (names: readonly string[], limits: Amounts): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, own(limits, name)]));

const idOf = (id: string | null): object => (id === null ? {} : { id });

/** `GET os-quota-sets/{id}`. @param id null where nova's answer has none (updates). @param names which limits it speaks of */
export const presentQuotaSet = (id: string | null, limits: Amounts, names: readonly string[]): unknown => ({
  quota_set: { ...idOf(id), ...limitsBy(names, limits) },
});

/** `GET os-quota-sets/{id}/detail`. Reservations count as in use, as in nova 26.1. */
export const presentQuotaDetail = (id: string, limits: Amounts, usage: Amounts, names: readonly string[]): unknown => ({
  quota_set: {
    id,
    ...Object.fromEntries(
      names.map((name) => {
        const [limit, used] = [own(limits, name), own(usage, name) ?? 0];
        return [name, { limit, in_use: used, reserved: 0 }];
      }),
    ),
  },
});

/** `GET os-quota-class-sets/{id}`, likewise. */
export const presentQuotaClass = (id: string | null, limits: Amounts, names: readonly string[]): unknown => ({
  quota_class_set: { ...idOf(id), ...limitsBy(names, limits) },
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

import { type Amounts, own } from '@cairn/domain';
import { quotaClassNames, quotaNames } from './quota-names';

/** `GET os-quota-sets/{id}`. @param id null where nova's answer has none (updates). */
export const presentQuotaSet = (id: string | null, limits: Amounts, minor: number): unknown => ({
  quota_set: {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(quotaNames(minor).map((name) => [name, own(limits, name)])),
  },
});

/** `GET os-quota-sets/{id}/detail`. Reservations count as in use, as in nova 26.1. */
export const presentQuotaDetail = (id: string, limits: Amounts, usage: Amounts, minor: number): unknown => ({
  quota_set: {
    id,
    ...Object.fromEntries(
      quotaNames(minor).map((name) => [name, { limit: own(limits, name), in_use: own(usage, name) ?? 0, reserved: 0 }]),
    ),
  },
});

/** `GET os-quota-class-sets/{id}`. @param id null where nova's answer has none (updates). */
export const presentQuotaClass = (id: string | null, limits: Amounts): unknown => ({
  quota_class_set: {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(quotaClassNames.map((name) => [name, own(limits, name)])),
  },
});

/** `GET limits`. There are no limits of rate. */
export const presentLimits = (limits: Amounts, usage: Amounts, minor: number): unknown => ({
  limits: {
    rate: [],
    absolute: {
      maxImageMeta: limits['metadata_items'],
      maxPersonality: limits['injected_files'],
      maxPersonalitySize: limits['injected_file_content_bytes'],
      maxServerMeta: limits['metadata_items'],
      maxTotalCores: limits['cores'],
      maxTotalInstances: limits['instances'],
      maxTotalKeypairs: limits['key_pairs'],
      maxTotalRAMSize: limits['ram'],
      maxServerGroups: limits['server_groups'],
      maxServerGroupMembers: limits['server_group_members'],
      totalCoresUsed: usage['cores'] ?? 0,
      totalInstancesUsed: usage['instances'] ?? 0,
      totalRAMUsed: usage['ram'] ?? 0,
      totalServerGroupsUsed: usage['server_groups'] ?? 0,
      ...(minor < 36 ? networkLimits(limits, usage) : {}),
    },
  },
});

const networkLimits = (limits: Amounts, usage: Amounts): object => ({
  maxSecurityGroups: limits['security_groups'],
  maxSecurityGroupRules: limits['security_group_rules'],
  maxTotalFloatingIps: limits['floating_ips'],
  totalSecurityGroupsUsed: usage['security_groups'] ?? 0,
  totalFloatingIpsUsed: usage['floating_ips'] ?? 0,
});

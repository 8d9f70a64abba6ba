import type { QuotaLimits } from '@cairn/domain';
import { quotaClassNames, quotaNames, type QuotaResource } from './quota-names';

/** How much of what is limited is in use; what is counted nowhere is missing. */
export type QuotaUsage = Readonly<Partial<Record<QuotaResource, number>>>;

/** `GET os-quota-sets/{id}`. @param id null where nova's answer has none (updates). */
export const presentQuotaSet = (id: string | null, limits: QuotaLimits, minor: number): unknown => ({
  quota_set: {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(quotaNames(minor).map(([name, resource]) => [name, limits[resource]])),
  },
});

/** `GET os-quota-sets/{id}/detail`. Reservations count as in use, as in nova 26.1. */
export const presentQuotaDetail = (id: string, limits: QuotaLimits, usage: QuotaUsage, minor: number): unknown => ({
  quota_set: {
    id,
    ...Object.fromEntries(
      quotaNames(minor).map(([name, resource]) => [
        name,
        { limit: limits[resource], in_use: usage[resource] ?? 0, reserved: 0 },
      ]),
    ),
  },
});

export const presentQuotaClass = (id: string, limits: QuotaLimits): unknown => ({
  quota_class_set: { id, ...Object.fromEntries(quotaClassNames.map(([name, resource]) => [name, limits[resource]])) },
});

/** `GET limits`. There are no limits of rate. */
export const presentLimits = (limits: QuotaLimits, usage: QuotaUsage, minor: number): unknown => ({
  limits: {
    rate: [],
    absolute: {
      maxImageMeta: limits.metadataItems,
      maxPersonality: limits.injectedFiles,
      maxPersonalitySize: limits.injectedFileContentBytes,
      maxServerMeta: limits.metadataItems,
      maxTotalCores: limits.cores,
      maxTotalInstances: limits.instances,
      maxTotalKeypairs: limits.keyPairs,
      maxTotalRAMSize: limits.ramMb,
      maxServerGroups: limits.serverGroups,
      maxServerGroupMembers: limits.serverGroupMembers,
      totalCoresUsed: usage.cores ?? 0,
      totalInstancesUsed: usage.instances ?? 0,
      totalRAMUsed: usage.ramMb ?? 0,
      totalServerGroupsUsed: usage.serverGroups ?? 0,
      ...(minor < 36 ? networkLimits(limits, usage) : {}),
    },
  },
});

const networkLimits = (limits: QuotaLimits, usage: QuotaUsage): Record<string, number> => ({
  maxSecurityGroups: limits.securityGroups,
  maxSecurityGroupRules: limits.securityGroupRules,
  maxTotalFloatingIps: limits.floatingIps,
  totalSecurityGroupsUsed: usage.securityGroups ?? 0,
  totalFloatingIpsUsed: usage.floatingIps ?? 0,
});

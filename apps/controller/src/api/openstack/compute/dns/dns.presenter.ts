import type { DnsDomain } from '@cairn/domain';

/** In nova's words (14.1, `floating_ip_dns`). */
export const presentDomain = ({ domain, scope, projectId, availabilityZone }: DnsDomain): unknown => ({
  domain,
  scope,
  project: projectId,
  availability_zone: availabilityZone,
});

/** @param type null where nova does not say it. */
export const presentEntry = (domain: string, name: string, ip: string, type: string | null = null): unknown => ({
  ip,
  id: null,
  type,
  domain,
  name,
});

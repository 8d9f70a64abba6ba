import type { FlavorRow } from '@cairn/projections';
import type { Links } from '../shared/links';

export const presentFlavorBrief = (row: FlavorRow, links: Links): unknown => ({
  id: row.id,
  name: row.name,
  links: links.of('flavors', row.id),
});

/** Up to 2.38: descriptions come with 2.55, extra specs with 2.61. */
export const presentFlavor = (row: FlavorRow, links: Links): unknown => ({
  id: row.id,
  name: row.name,
  ram: row.ramMb,
  disk: row.rootGb,
  vcpus: row.vcpus,
  swap: row.swapMb === 0 ? '' : row.swapMb,
  rxtx_factor: row.rxtxFactor,
  'OS-FLV-EXT-DATA:ephemeral': row.ephemeralGb,
  'OS-FLV-DISABLED:disabled': false,
  'os-flavor-access:is_public': row.isPublic,
  links: links.of('flavors', row.id),
});

import type { FlavorRow } from '@cairn/projections';
import type { Links } from '../shared/links';
import { representation } from '../shared/representation';

/** What else than the flavor's row decides how it is shown. */
export interface FlavorViewer {
  readonly links: Links;
  readonly minor: number;
  /** Whether the caller may read what flavors demand of hosts. */
  readonly extraSpecs: boolean;
}

export const presentFlavorBrief = representation<FlavorRow, FlavorViewer>([
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['description', ({ description }) => description, { since: 55 }],
  ['links', ({ id }, { links }) => links.of('flavors', id)],
]);

export const presentFlavor = representation<FlavorRow, FlavorViewer>([
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['ram', ({ ramMb }) => ramMb],
  ['disk', ({ rootGb }) => rootGb],
  ['vcpus', ({ vcpus }) => vcpus],
  ['swap', ({ swapMb }) => (swapMb === 0 ? '' : swapMb), { until: 74 }],
  ['swap', ({ swapMb }) => swapMb, { since: 75 }],
  ['rxtx_factor', ({ rxtxFactor }) => rxtxFactor],
  ['description', ({ description }) => description, { since: 55 }],
  ['extra_specs', (row, viewer) => (viewer.extraSpecs ? row.extraSpecs : undefined), { since: 61 }],
  ['OS-FLV-EXT-DATA:ephemeral', ({ ephemeralGb }) => ephemeralGb],
  ['OS-FLV-DISABLED:disabled', () => false],
  ['os-flavor-access:is_public', ({ isPublic }) => isPublic],
  ['links', ({ id }, { links }) => links.of('flavors', id)],
]);

/** `GET flavors/{id}/os-flavor-access`, and what its actions answer. */
export const presentAccess = (flavorId: string, projects: readonly string[]): unknown => ({
  flavor_access: projects.map((projectId) => ({ flavor_id: flavorId, tenant_id: projectId })),
});

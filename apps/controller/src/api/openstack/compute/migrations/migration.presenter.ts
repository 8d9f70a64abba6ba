import type { HostRow, MigrationRow } from '@cairn/projections';
import { hypervisorName } from '../hosts/hypervisor.presenter';
import { representation } from '../shared/representation';
import { micros, microsOrNull } from '../shared/timestamps';
import { PAGES_SINCE } from './migration-list';

export interface MigrationViewer {
  readonly minor: number;
  /** By name, as far as they are known. */
  readonly hosts: ReadonlyMap<string, HostRow>;
}

/** nova shows a number of the flavor's that no other API shows; here a flavor's id stands for it, if it is a number. */
const flavorNumber = (flavorId: string): number | null => (/^\d{1,9}$/.test(flavorId) ? Number(flavorId) : null);

function nodeOf(name: string | null, { hosts }: MigrationViewer): string | null {
  const host = name === null ? undefined : hosts.get(name);
  return host === undefined ? name : hypervisorName(host);
}

/** As `os-migrations` lists it. */
export const presentMigration = representation<MigrationRow, MigrationViewer>([
  ['id', ({ number }) => number],
  ['uuid', ({ id }) => id, { since: PAGES_SINCE }],
  ['instance_uuid', ({ instanceId }) => instanceId],
  ['status', ({ status }) => status],
  ['migration_type', ({ type }) => type, { since: 23 }],
  ['source_compute', ({ sourceHost }) => sourceHost],
  ['source_node', ({ sourceHost }, viewer) => nodeOf(sourceHost, viewer)],
  ['dest_compute', ({ destHost }) => destHost],
  ['dest_node', ({ destHost }, viewer) => nodeOf(destHost, viewer)],
  ['dest_host', ({ destHost }, { hosts }) => hosts.get(destHost ?? '')?.hostIp ?? null],
  ['old_instance_type_id', ({ oldFlavorId }) => flavorNumber(oldFlavorId)],
  ['new_instance_type_id', ({ newFlavorId }) => flavorNumber(newFlavorId)],
  ['created_at', ({ createdAt }) => micros(createdAt)],
  ['updated_at', ({ updatedAt }) => microsOrNull(updatedAt)],
  ['user_id', ({ userId }) => userId, { since: 80 }],
  ['project_id', ({ projectId }) => projectId, { since: 80 }],
]);

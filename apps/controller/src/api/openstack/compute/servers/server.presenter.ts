import { createHash } from 'node:crypto';
import { isUp } from '@cairn/domain';
import type { HostRow, ServerRow } from '@cairn/projections';
import type { Links } from '../shared/links';
import { microsOrNull, seconds } from '../shared/timestamps';
import { domainNameOf } from './domain-name';
import { serverStatus } from './server-status';

/** What else than the server's row decides how it is shown. */
export interface ServerViewer {
  readonly links: Links;
  readonly minor: number;
  readonly admin: boolean;
  /** The hosts by id, as far as servers are on them. */
  readonly hosts: ReadonlyMap<string, HostRow>;
  /** User data in base64 by server id, for administrators from 2.3 on; servers without any are missing. */
  readonly userData: ReadonlyMap<string, string>;
}

const PROGRESS_STATUSES = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);
const FAULT_STATUSES = new Set(['ERROR', 'DELETED']);

const EXT = 'OS-EXT-SRV-ATTR';

/** Names a host to a tenant without telling which it is: the same host is another one to another project. */
const hostIds = new Map<string, string>();

function hostIdOf({ hostName, projectId }: ServerRow): string {
  if (hostName === null) return '';
  const key = projectId + hostName;
  const known = hostIds.get(key);
  if (known !== undefined) return known;
  if (hostIds.size >= 10_000) hostIds.clear();
  const hostId = createHash('sha224').update(key).digest('hex');
  hostIds.set(key, hostId);
  return hostId;
}

export interface ShownAddress {
  readonly version: 4;
  readonly addr: string;
  readonly 'OS-EXT-IPS:type'?: 'fixed';
  readonly 'OS-EXT-IPS-MAC:mac_addr'?: string;
}

/** The addresses by network label. @param extended with type and MAC, as in a server, not as in its `ips`. */
export function presentAddresses(row: ServerRow, extended: boolean): Record<string, ShownAddress[]> {
  const byLabel = new Map<string, ShownAddress[]>();
  for (const { label, address, mac, version } of row.addresses) {
    const plain: ShownAddress = { version, addr: address };
    const shown = extended ? { ...plain, 'OS-EXT-IPS:type': 'fixed' as const, 'OS-EXT-IPS-MAC:mac_addr': mac } : plain;
    byLabel.set(label, [...(byLabel.get(label) ?? []), shown]);
  }
  return Object.fromEntries(byLabel);
}

/** `GET /servers`: id, name and links. */
export const presentServerBrief = (
  row: Pick<ServerRow, 'id' | 'name'>,
  { links }: Pick<ServerViewer, 'links'>,
): unknown => ({
  id: row.id,
  name: row.name,
  links: links.of('servers', row.id),
});

/** An answer that is filled field by field: a list has a thousand of them, and copying each costs more than its SQL. */
type Shown = Record<string, unknown>;

/** What every representation of a whole server has. */
function core(row: ServerRow, { links, minor }: ServerViewer, status: string): Shown {
  const shown: Shown = {
    id: row.id,
    name: row.name,
    status,
    tenant_id: row.projectId,
    user_id: row.userId,
    metadata: row.metadata,
    hostId: hostIdOf(row),
    image: { id: row.imageId, links: [links.bookmarkOf('images', row.imageId)] },
    flavor: { id: row.flavorId, links: [links.bookmarkOf('flavors', row.flavorId)] },
    created: seconds(row.createdAt),
    updated: seconds(row.updatedAt),
    accessIPv4: row.accessIpV4 ?? '',
    accessIPv6: row.accessIpV6 ?? '',
    links: links.of('servers', row.id),
    'OS-DCF:diskConfig': row.autoDiskConfig ? 'AUTO' : 'MANUAL',
  };
  if (PROGRESS_STATUSES.has(status)) shown['progress'] = row.progress;
  if (minor >= 9) shown['locked'] = row.locked;
  if (minor >= 19) shown['description'] = row.description;
  if (minor >= 26) shown['tags'] = row.tags;
  if (minor >= 73) shown['locked_reason'] = row.lockedReason;
  if (minor >= 90) shown[`${EXT}:hostname`] = row.hostname;
  return shown;
}

/** For administrators only (policy os_compute_api:os-extended-server-attributes). */
function addAttributes(shown: Shown, row: ServerRow, host: HostRow | undefined, viewer: ServerViewer): void {
  shown[`${EXT}:host`] = row.hostName;
  shown[`${EXT}:hypervisor_hostname`] = host?.hostname ?? row.hostName;
  shown[`${EXT}:instance_name`] = domainNameOf(row.number);
  if (viewer.minor >= 16) shown['host_status'] = hostStatus(row, host);
  if (viewer.minor < 3) return;
  shown[`${EXT}:reservation_id`] = row.reservationId;
  shown[`${EXT}:launch_index`] = row.launchIndex;
  shown[`${EXT}:hostname`] = row.hostname;
  shown[`${EXT}:kernel_id`] = row.kernelId ?? '';
  shown[`${EXT}:ramdisk_id`] = row.ramdiskId ?? '';
  shown[`${EXT}:root_device_name`] = '/dev/vda';
  shown[`${EXT}:user_data`] = viewer.userData.get(row.id) ?? null;
}

/** host_status of 2.16. */
function hostStatus(row: ServerRow, host: HostRow | undefined): string {
  if (row.hostId === null) return '';
  if (host === undefined) return 'UNKNOWN';
  if (!host.enabled) return 'MAINTENANCE';
  return isUp(host) ? 'UP' : 'DOWN';
}

/** Why a server is in ERROR, as its tenant may read it; the code of the refusal is for administrators. */
function addFault(shown: Shown, row: ServerRow, status: string, admin: boolean): void {
  const { faultMessage, faultAt, faultCode } = row;
  if (faultMessage === null || faultAt === null || !FAULT_STATUSES.has(status)) return;
  const details = admin ? { details: faultCode ?? '' } : {};
  shown['fault'] = { code: 500, message: faultMessage, created: seconds(faultAt), ...details };
}

/** `GET /servers/detail` and `GET /servers/{id}`, up to 2.38. */
export function presentServer(row: ServerRow, viewer: ServerViewer): Shown {
  const status = serverStatus(row.vmState, row.taskState);
  const host = row.hostId === null ? undefined : viewer.hosts.get(row.hostId);
  const shown = core(row, viewer, status);
  addFault(shown, row, status, viewer.admin);
  shown['addresses'] = presentAddresses(row, true);
  shown['key_name'] = row.keyName;
  shown['config_drive'] = '';
  shown['security_groups'] = row.securityGroups.map((name) => ({ name }));
  shown['OS-EXT-AZ:availability_zone'] = host?.availabilityZone ?? row.availabilityZone ?? '';
  shown['OS-EXT-STS:vm_state'] = row.vmState;
  shown['OS-EXT-STS:task_state'] = row.taskState;
  shown['OS-EXT-STS:power_state'] = row.powerState;
  shown['OS-SRV-USG:launched_at'] = microsOrNull(row.launchedAt);
  shown['OS-SRV-USG:terminated_at'] = microsOrNull(row.terminatedAt);
  shown['os-extended-volumes:volumes_attached'] = [];
  if (viewer.admin) addAttributes(shown, row, host, viewer);
  return shown;
}

/** The answer of `PUT /servers/{id}`, which lacks what the extensions add (nova 26.1 `ServersController.update`). */
export function presentUpdatedServer(row: ServerRow, viewer: ServerViewer): Shown {
  const status = serverStatus(row.vmState, row.taskState);
  const shown = core(row, viewer, status);
  addFault(shown, row, status, viewer.admin);
  shown['addresses'] = presentAddresses(row, false);
  return shown;
}

/** What a caller is told of a server that was just asked for. */
export interface LaunchedServer {
  readonly id: string;
  readonly adminPass: string;
  readonly autoDiskConfig: boolean;
  readonly securityGroups: readonly string[];
}

/** `POST /servers`, 202. */
export const presentLaunchedServer = (server: LaunchedServer, links: Links): unknown => ({
  id: server.id,
  adminPass: server.adminPass,
  links: links.of('servers', server.id),
  'OS-DCF:diskConfig': server.autoDiskConfig ? 'AUTO' : 'MANUAL',
  security_groups: server.securityGroups.map((name) => ({ name })),
});

import { createHash } from 'node:crypto';
import type { HostRow, ServerRow } from '@cairn/projections';
import type { Link, Links } from '../shared/links';
import { micros, microsOrNull, seconds } from '../shared/timestamps';
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
  const byLabel: Record<string, ShownAddress[]> = {};
  for (const { label, address, mac, version } of row.addresses) {
    const plain: ShownAddress = { version, addr: address };
    const shown = extended ? { ...plain, 'OS-EXT-IPS:type': 'fixed' as const, 'OS-EXT-IPS-MAC:mac_addr': mac } : plain;
    (byLabel[label] ??= []).push(shown);
  }
  return byLabel;
}

/** `GET /servers`: id, name and links. */
export const presentServerBrief = (row: ServerRow, { links }: Pick<ServerViewer, 'links'>): unknown => ({
  id: row.id,
  name: row.name,
  links: links.of('servers', row.id),
});

/** What every representation of a whole server has. */
function core(row: ServerRow, { links, minor }: ServerViewer, status: string): Record<string, unknown> {
  const bookmark = (collection: string, id: string): { id: string; links: Link[] } => ({
    id,
    links: [links.bookmarkOf(collection, id)],
  });
  return {
    id: row.id,
    name: row.name,
    status,
    tenant_id: row.projectId,
    user_id: row.userId,
    metadata: row.metadata,
    hostId: hostIdOf(row),
    image: bookmark('images', row.imageId),
    flavor: bookmark('flavors', row.flavorId),
    created: seconds(row.createdAt),
    updated: seconds(row.updatedAt),
    accessIPv4: '',
    accessIPv6: '',
    links: links.of('servers', row.id),
    'OS-DCF:diskConfig': row.autoDiskConfig ? 'AUTO' : 'MANUAL',
    ...(PROGRESS_STATUSES.has(status) ? { progress: row.progress } : {}),
    ...(minor >= 9 ? { locked: false } : {}),
    ...(minor >= 19 ? { description: row.description } : {}),
    ...(minor >= 26 ? { tags: [] } : {}),
  };
}

/** For administrators only (policy os_compute_api:os-extended-server-attributes). */
function attributes(row: ServerRow, host: HostRow | undefined, viewer: ServerViewer): Record<string, unknown> {
  const basic = {
    [`${EXT}:host`]: row.hostName,
    [`${EXT}:hypervisor_hostname`]: host?.hostname ?? row.hostName,
    [`${EXT}:instance_name`]: domainNameOf(row.number),
  };
  if (viewer.minor < 3) return basic;
  return {
    ...basic,
    [`${EXT}:reservation_id`]: row.reservationId,
    [`${EXT}:launch_index`]: row.launchIndex,
    [`${EXT}:hostname`]: row.hostname,
    [`${EXT}:kernel_id`]: row.kernelId ?? '',
    [`${EXT}:ramdisk_id`]: row.ramdiskId ?? '',
    [`${EXT}:root_device_name`]: '/dev/vda',
    [`${EXT}:user_data`]: viewer.userData.get(row.id) ?? null,
  };
}

/** host_status of 2.16. */
function hostStatus(row: ServerRow, host: HostRow | undefined): string {
  if (row.hostId === null) return '';
  if (host === undefined) return 'UNKNOWN';
  if (!host.enabled) return 'MAINTENANCE';
  return host.up ? 'UP' : 'DOWN';
}

/** Why a server is in ERROR, as its tenant may read it; the code of the refusal is for administrators. */
function fault(row: ServerRow, status: string, admin: boolean): Record<string, unknown> {
  const { faultMessage, faultAt, faultCode } = row;
  if (faultMessage === null || faultAt === null || !FAULT_STATUSES.has(status)) return {};
  const details = admin ? { details: faultCode ?? '' } : {};
  return { fault: { code: 500, message: faultMessage, created: seconds(faultAt), ...details } };
}

/** `GET /servers/detail` and `GET /servers/{id}`, up to 2.38. */
export function presentServer(row: ServerRow, viewer: ServerViewer): Record<string, unknown> {
  const status = serverStatus(row.vmState, row.taskState);
  const host = row.hostId === null ? undefined : viewer.hosts.get(row.hostId);
  return {
    ...core(row, viewer, status),
    ...fault(row, status, viewer.admin),
    addresses: presentAddresses(row, true),
    key_name: row.keyName,
    config_drive: '',
    security_groups: row.securityGroups.map((name) => ({ name })),
    'OS-EXT-AZ:availability_zone': host?.availabilityZone ?? row.availabilityZone ?? '',
    'OS-EXT-STS:vm_state': row.vmState,
    'OS-EXT-STS:task_state': row.taskState,
    'OS-EXT-STS:power_state': row.powerState,
    'OS-SRV-USG:launched_at': row.launchedAt === null ? null : micros(row.launchedAt),
    'OS-SRV-USG:terminated_at': microsOrNull(row.terminatedAt),
    'os-extended-volumes:volumes_attached': [],
    ...(viewer.admin ? attributes(row, host, viewer) : {}),
    ...(viewer.admin && viewer.minor >= 16 ? { host_status: hostStatus(row, host) } : {}),
  };
}

/** The answer of `PUT /servers/{id}`, which lacks what the extensions add (nova 26.1 `ServersController.update`). */
export function presentUpdatedServer(row: ServerRow, viewer: ServerViewer): Record<string, unknown> {
  const status = serverStatus(row.vmState, row.taskState);
  return {
    ...core(row, viewer, status),
    ...fault(row, status, viewer.admin),
    addresses: presentAddresses(row, false),
  };
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

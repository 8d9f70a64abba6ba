import { isUp } from '@cairn/domain';
import type { HostRow, ServerRow } from '@cairn/projections';
import type { Links } from '../shared/links';
import { representation, type Shown, type ShownField } from '../shared/representation';
import { microsOrNull, seconds } from '../shared/timestamps';
import { domainNameOf } from './domain-name';
import { hostIdOf } from './host-id';
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
  /** Whether the caller may read what flavors demand of hosts. */
  readonly extraSpecs: boolean;
  /** Ids of the groups that the one server is in; undefined in lists, which do not show them. */
  readonly groups?: readonly string[];
}

/** What decides how a server is shown alone. */
export type OneServerViewer = ServerViewer & Required<Pick<ServerViewer, 'groups'>>;

type RebuiltServerViewer = OneServerViewer & {
  /** The user data in the request for the rebuild. */
  readonly given: string | null;
};

const PROGRESS_STATUSES = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);
const FAULT_STATUSES = new Set(['ERROR', 'DELETED']);

const EXT = 'OS-EXT-SRV-ATTR';

export interface ShownAddress {
  readonly version: 4 | 6;
  readonly addr: string;
  readonly 'OS-EXT-IPS:type'?: 'fixed' | 'floating';
  readonly 'OS-EXT-IPS-MAC:mac_addr'?: string;
}

/** The addresses by network label, each with those outside that lead to it. @param extended with type and MAC, as in a server, not as in its `ips`. */
export function presentAddresses(row: ServerRow, extended: boolean): Record<string, ShownAddress[]> {
  const byLabel = new Map<string, ShownAddress[]>();
  for (const { label, address, addressV6, mac, floating = [] } of row.addresses) {
    const shown = (addr: string, type: 'fixed' | 'floating', version: 4 | 6 = 4): ShownAddress =>
      extended ? { version, addr, 'OS-EXT-IPS:type': type, 'OS-EXT-IPS-MAC:mac_addr': mac } : { version, addr };
    const outside = floating.map((one) => shown(one.address, 'floating'));
    const second = addressV6 === undefined ? [] : [shown(addressV6, 'fixed', 6)];
    byLabel.set(label, [...(byLabel.get(label) ?? []), shown(address, 'fixed'), ...outside, ...second]);
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

const statusOf = ({ vmState, taskState }: ServerRow): string => serverStatus(vmState, taskState);

const hostOf = ({ hostId }: ServerRow, { hosts }: ServerViewer): HostRow | undefined =>
  hostId === null ? undefined : hosts.get(hostId);

/** host_status of 2.16. */
function hostStatus(row: ServerRow, viewer: ServerViewer): string {
  if (row.hostId === null) return '';
  const host = hostOf(row, viewer);
  if (host === undefined) return 'UNKNOWN';
  if (!host.enabled) return 'MAINTENANCE';
  return isUp(host) ? 'UP' : 'DOWN';
}

/** Why a server is in ERROR, as its tenant may read it; the code of the refusal is for administrators. */
function faultOf(row: ServerRow, { admin }: ServerViewer): unknown {
  const { faultMessage, faultAt, faultCode } = row;
  if (faultMessage === null || faultAt === null || !FAULT_STATUSES.has(statusOf(row))) return undefined;
  const details = admin ? { details: faultCode ?? '' } : {};
  return { code: 500, message: faultMessage, created: seconds(faultAt), ...details };
}

/** The flavor as it was when the server was launched. */
const embeddedFlavor = (row: ServerRow, { extraSpecs }: ServerViewer): unknown => ({
  vcpus: row.vcpus,
  ram: row.ramMb,
  disk: row.rootGb,
  ephemeral: row.ephemeralGb,
  swap: row.swapMb,
  original_name: row.flavorName,
  ...(extraSpecs ? { extra_specs: row.extraSpecs } : {}),
});

type ServerField = ShownField<ServerRow, ServerViewer>;

/** What every representation of a whole server has, also the answer to `PUT /servers/{id}`. */
const CORE: readonly ServerField[] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['status', statusOf],
  ['tenant_id', ({ projectId }) => projectId],
  ['user_id', ({ userId }) => userId],
  ['metadata', ({ metadata }) => metadata],
  ['hostId', ({ hostName, projectId }) => hostIdOf(hostName, projectId)],
  ['image', ({ imageId }, { links }) => ({ id: imageId, links: [links.bookmarkOf('images', imageId)] })],
  [
    'flavor',
    ({ flavorId }, { links }) => ({ id: flavorId, links: [links.bookmarkOf('flavors', flavorId)] }),
    { until: 46 },
  ],
  ['flavor', embeddedFlavor, { since: 47 }],
  ['created', ({ createdAt }) => seconds(createdAt)],
  ['updated', ({ updatedAt }) => seconds(updatedAt)],
  ['accessIPv4', ({ accessIpV4 }) => accessIpV4 ?? ''],
  ['accessIPv6', ({ accessIpV6 }) => accessIpV6 ?? ''],
  ['links', ({ id }, { links }) => links.of('servers', id)],
  ['OS-DCF:diskConfig', ({ autoDiskConfig }) => (autoDiskConfig ? 'AUTO' : 'MANUAL')],
  ['progress', (row) => (PROGRESS_STATUSES.has(statusOf(row)) ? row.progress : undefined)],
  ['fault', faultOf],
  ['locked', ({ locked }) => locked, { since: 9 }],
  ['locked_reason', ({ lockedReason }) => lockedReason, { since: 73 }],
  ['description', ({ description }) => description, { since: 19 }],
  ['tags', ({ tags }) => tags, { since: 26 }],
  ['trusted_image_certificates', () => null, { since: 63 }],
  [`${EXT}:hostname`, ({ hostname }) => hostname, { since: 90 }],
  ['server_groups', (_row, { groups }) => groups, { since: 71 }],
];

/** For administrators only (policy os_compute_api:os-extended-server-attributes). */
const attribute = (name: string, valueOf: ServerField[1], since: number): ServerField => [
  name,
  (row, viewer) => (viewer.admin ? valueOf(row, viewer) : undefined),
  { since },
];

const ATTRIBUTES: readonly ServerField[] = [
  attribute(`${EXT}:host`, ({ hostName }) => hostName, 1),
  attribute(`${EXT}:hypervisor_hostname`, (row, viewer) => hostOf(row, viewer)?.hostname ?? row.hostName, 1),
  attribute(`${EXT}:instance_name`, ({ number }) => domainNameOf(number), 1),
  attribute('host_status', hostStatus, 16),
  attribute(`${EXT}:reservation_id`, ({ reservationId }) => reservationId, 3),
  attribute(`${EXT}:launch_index`, ({ launchIndex }) => launchIndex, 3),
  [`${EXT}:hostname`, ({ hostname }, { admin }) => (admin ? hostname : undefined), { since: 3, until: 89 }],
  attribute(`${EXT}:kernel_id`, ({ kernelId }) => kernelId ?? '', 3),
  attribute(`${EXT}:ramdisk_id`, ({ ramdiskId }) => ramdiskId ?? '', 3),
  attribute(`${EXT}:root_device_name`, ({ rootDevice }) => rootDevice, 3),
  attribute(`${EXT}:user_data`, ({ id }, { userData }) => userData.get(id) ?? null, 3),
];

/** `GET /servers/detail` and `GET /servers/{id}`. */
export const presentServer = representation<ServerRow, ServerViewer>([
  ...CORE,
  ['addresses', (row) => presentAddresses(row, true)],
  ['key_name', ({ keyName }) => keyName],
  ['config_drive', ({ hasConfigDrive }) => (hasConfigDrive ? 'True' : '')],
  ['security_groups', ({ securityGroups }) => securityGroups.map(({ name }) => ({ name }))],
  ['OS-EXT-AZ:availability_zone', (row, viewer) => hostOf(row, viewer)?.availabilityZone ?? row.availabilityZone ?? ''],
  ['OS-EXT-STS:vm_state', ({ vmState }) => vmState],
  ['OS-EXT-STS:task_state', ({ taskState }) => taskState],
  ['OS-EXT-STS:power_state', ({ powerState }) => powerState],
  ['OS-SRV-USG:launched_at', ({ launchedAt }) => microsOrNull(launchedAt)],
  ['OS-SRV-USG:terminated_at', ({ terminatedAt }) => microsOrNull(terminatedAt)],
  ['os-extended-volumes:volumes_attached', () => []],
  ...ATTRIBUTES,
]);

const presentUpdate = representation<ServerRow, ServerViewer>([
  ...CORE,
  ['addresses', (row) => presentAddresses(row, false)],
]);

/** From here on an update is answered with all that a server is shown with. */
const UNIFORM_SINCE = 75;

/** The answer of `PUT /servers/{id}`; up to 2.74 it lacks what the extensions add (nova 26.1 `ServersController.update`). */
export const presentUpdatedServer = (row: ServerRow, viewer: OneServerViewer): Shown =>
  viewer.minor >= UNIFORM_SINCE ? presentServer(row, viewer) : presentUpdate(row, viewer);

const presentRebuild = representation<ServerRow, RebuiltServerViewer>([
  ...CORE,
  ['addresses', (row) => presentAddresses(row, false)],
  ['key_name', ({ keyName }) => keyName, { since: 54, until: 74 }],
  ['user_data', (_row, { given }) => given, { since: 57, until: 74 }],
]);

/** The answer to a rebuild, which names user data by another name (nova 26.1 `ServersController._action_rebuild`). */
export function presentRebuiltServer(row: ServerRow, viewer: RebuiltServerViewer): Shown {
  if (viewer.minor < UNIFORM_SINCE) return presentRebuild(row, viewer);
  const { [`${EXT}:user_data`]: _attribute, ...shown } = presentServer(row, viewer);
  return { ...shown, user_data: viewer.given };
}

/** What a caller is told of a server that was just asked for. */
export interface LaunchedServer {
  readonly id: string;
  /** Null where the cloud does not tell. */
  readonly adminPass: string | null;
  readonly autoDiskConfig: boolean;
  readonly securityGroups: readonly string[];
}

/** `POST /servers`, 202. */
export const presentLaunchedServer = (server: LaunchedServer, links: Links): unknown => ({
  id: server.id,
  ...(server.adminPass === null ? {} : { adminPass: server.adminPass }),
  links: links.of('servers', server.id),
  'OS-DCF:diskConfig': server.autoDiskConfig ? 'AUTO' : 'MANUAL',
  security_groups: server.securityGroups.map((name) => ({ name })),
});

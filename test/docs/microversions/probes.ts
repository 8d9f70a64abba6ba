import type { ComputeCloud, Reply } from '../../../apps/controller/src/api/openstack/compute/testing/compute-cloud';
import { HOST_ID, IMAGE_ID } from '../../../apps/controller/src/api/openstack/compute/testing/compute-cloud';
import { microversion } from '../../../apps/controller/src/api/openstack/compute/testing/microversion';

/** A request that is the same in every microversion, and changes nothing. */
export interface Probe {
  /** How readers of the document know it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The caller; an administrator unless given. */
  readonly who?: string;
}

/** Ids of things that are there. */
export interface Known {
  readonly server: string;
  readonly group: string;
  readonly action: string;
  readonly aggregate: string;
  readonly tenant: string;
  readonly tenantServer: string;
  readonly tenantAction: string;
  /** The tenant's other server, which is not locked. */
  readonly unlocked: string;
  /** One that is deleted. */
  readonly deleted: string;
  /** One that has been resized. */
  readonly resized: string;
}

const get = (path: string, name = `GET ${path}`, who?: string): Probe => ({
  name,
  method: 'GET',
  path,
  ...(who === undefined ? {} : { who }),
});

/** Refused in every microversion, for the flavor at the latest: the words tell whether the field is known. */
const launch = (field: string, fields: object, networks: object = { networks: [] }): Probe => ({
  name: `POST /servers: \`${field}\``,
  method: 'POST',
  path: '/servers',
  body: { server: { name: 's', imageRef: IMAGE_ID, flavorRef: 'none', ...networks, ...fields } },
});

const act = ({ server }: Known, action: string, given?: object, field?: string): Probe => ({
  name: `the action \`${action}\`${field === undefined ? '' : `: \`${field}\``}`,
  method: 'POST',
  path: `/servers/${server}/action`,
  body: { [action]: given ?? { wrong: true } },
});

/** A snapshot of the tenant's server: a request that is the same each time is carried out once, and answered again. */
export const snapshot = ({ tenant, unlocked }: Pick<Known, 'tenant' | 'unlocked'>): Probe => ({
  name: 'the action `createImage`',
  method: 'POST',
  path: `/servers/${unlocked}/action`,
  body: { createImage: { name: 'copy' } },
  headers: { 'idempotency-key': 'the one snapshot' },
  who: tenant,
});

const event = (name: string): Probe => ({
  name: `POST /os-server-external-events: \`${name}\``,
  method: 'POST',
  path: '/os-server-external-events',
  body: { events: [{ server_uuid: IMAGE_ID, name, tag: 'x' }] },
});

/** What there is besides servers. */
const collections = (known: Known): readonly Probe[] => [
  get('/extensions'),
  get('/flavors'),
  get('/flavors/detail'),
  get('/flavors/1', 'GET /flavors/{id}'),
  get('/limits'),
  get('/limits?unknown=1', 'GET /limits, unknown parameter'),
  get('/images'),
  get(`/images/${IMAGE_ID}/metadata`, 'GET /images/{id}/metadata'),
  get('/os-aggregates'),
  get(`/os-aggregates/${known.aggregate}`, 'GET /os-aggregates/{id}'),
  get('/os-availability-zone/detail'),
  get('/os-floating-ip-pools'),
  get('/os-floating-ips'),
  get('/os-hosts'),
  get('/os-hosts/node1', 'GET /os-hosts/{name}'),
  get('/os-hypervisors'),
  get('/os-hypervisors/detail'),
  get('/os-hypervisors/detail?with_servers=yes', 'GET /os-hypervisors/detail?with_servers'),
  get('/os-hypervisors/statistics'),
  get('/os-hypervisors/1', 'GET /os-hypervisors/{number}'),
  get(`/os-hypervisors/${HOST_ID}`, 'GET /os-hypervisors/{uuid}'),
  get('/os-hypervisors/1/uptime', 'GET /os-hypervisors/{number}/uptime'),
  get(`/os-hypervisors/${HOST_ID}/uptime`, 'GET /os-hypervisors/{uuid}/uptime'),
  get('/os-hypervisors/node/search', 'GET /os-hypervisors/{pattern}/search'),
  get('/os-hypervisors/node/servers', 'GET /os-hypervisors/{pattern}/servers'),
  get('/os-hypervisors?limit=1', 'GET /os-hypervisors?limit'),
  get('/os-keypairs'),
  get('/os-keypairs/laptop', 'GET /os-keypairs/{name}'),
  get('/os-keypairs?limit=1', 'GET /os-keypairs?limit'),
  get('/os-keypairs?user_id=other', 'GET /os-keypairs?user_id'),
  get('/os-migrations'),
  get('/os-migrations?limit=1', 'GET /os-migrations?limit'),
  get('/os-migrations?user_id=none', 'GET /os-migrations?user_id'),
  get('/os-networks'),
  get('/os-tenant-networks'),
  get('/os-security-groups'),
  get('/os-quota-class-sets/default'),
  get('/os-quota-sets/p-admin', 'GET /os-quota-sets/{id}'),
  get('/os-quota-sets/p-admin/detail', 'GET /os-quota-sets/{id}/detail'),
  get('/os-server-groups'),
  get(`/os-server-groups/${known.group}`, 'GET /os-server-groups/{id}'),
  get('/os-services'),
  get('/os-simple-tenant-usage?detailed=1', 'GET /os-simple-tenant-usage'),
  get('/os-simple-tenant-usage?limit=1', 'GET /os-simple-tenant-usage?limit'),
  get('/os-simple-tenant-usage/p-admin', 'GET /os-simple-tenant-usage/{id}'),
];

const servers = (known: Known): readonly Probe[] => [
  get('/servers'),
  get('/servers?status=nonsense', 'GET /servers?status, unknown status'),
  get('/servers?unknown=1', 'GET /servers, unknown parameter'),
  get('/servers?tags=red', 'GET /servers?tags'),
  get('/servers?locked=true', 'GET /servers?locked'),
  get('/servers?changes-before=2000-01-01', 'GET /servers?changes-before'),
  get('/servers?ip6=fd', 'GET /servers?ip6, as a tenant', known.tenant),
  get('/servers?key_name=none', 'GET /servers?key_name, as a tenant', known.tenant),
  get('/servers/detail'),
  get('/servers/detail', 'GET /servers/detail, as a tenant', known.tenant),
  get(`/servers/${known.server}`, 'GET /servers/{id}'),
  get(`/servers/${known.server}/ips`, 'GET /servers/{id}/ips'),
  get(`/servers/${known.server}/tags`, 'GET /servers/{id}/tags'),
  get(`/servers/${known.server}/os-server-password`, 'GET /servers/{id}/os-server-password'),
  get(`/servers/${known.server}/topology`, 'GET /servers/{id}/topology'),
  get(`/servers/${known.server}/diagnostics`, 'GET /servers/{id}/diagnostics'),
  get(`/servers/${known.server}/os-interface`, 'GET /servers/{id}/os-interface'),
  get(`/servers/${known.server}/os-virtual-interfaces`, 'GET /servers/{id}/os-virtual-interfaces'),
  get(`/servers/${known.server}/os-volume_attachments`, 'GET /servers/{id}/os-volume_attachments'),
  get(`/servers/${known.server}/os-instance-actions`, 'GET /servers/{id}/os-instance-actions'),
  get(`/servers/${known.server}/os-instance-actions?limit=1`, 'GET /servers/{id}/os-instance-actions?limit'),
  get(
    `/servers/${known.server}/os-instance-actions/${known.action}`,
    'GET /servers/{id}/os-instance-actions/{request}',
  ),
  get(`/servers/${known.resized}/migrations`, 'GET /servers/{id}/migrations'),
  get(`/servers/${known.resized}/migrations/0`, 'GET /servers/{id}/migrations/{number}'),
  {
    name: 'DELETE /servers/{id}/migrations/{number}',
    method: 'DELETE',
    path: `/servers/${known.resized}/migrations/0`,
  },
  {
    name: 'POST /servers/{id}/migrations/{number}/action',
    method: 'POST',
    path: `/servers/${known.resized}/migrations/0/action`,
    body: { force_complete: null },
  },
  get(`/servers/${known.deleted}/os-instance-actions`, 'GET /servers/{id}/os-instance-actions, of a deleted server'),
  get(
    `/servers/${known.tenantServer}/os-instance-actions/${known.tenantAction}`,
    'GET /servers/{id}/os-instance-actions/{request}, as a tenant',
    known.tenant,
  ),
];

/** Every probe: what can be read, and requests that no microversion grants. */
export const probes = (known: Known): readonly Probe[] => [
  ...collections(known),
  ...servers(known),
  launch('description', { description: 'd' }),
  launch('personality', { personality: [] }),
  launch('networks', {}, {}),
  launch('networks: auto', {}, { networks: 'auto' }),
  launch('tags', { tags: ['a'] }),
  launch('networks.tag', {}, { networks: [{ uuid: IMAGE_ID, tag: 'a' }] }),
  launch('block_device_mapping_v2.tag', { block_device_mapping_v2: [{ tag: 'a' }] }),
  launch('block_device_mapping_v2.volume_type', { block_device_mapping_v2: [{ volume_type: 'a' }] }),
  launch('trusted_image_certificates', { trusted_image_certificates: ['a'] }),
  launch('host', { host: 'nowhere' }),
  launch('hypervisor_hostname', { hypervisor_hostname: 'nowhere' }),
  launch('hostname', { hostname: 'host' }),
  act(known, 'addFixedIp'),
  act(known, 'os-getVNCConsole'),
  act(known, 'trigger_crash_dump'),
  snapshot(known),
  act(known, 'rebuild', { imageRef: known.server, key_name: 'none' }, 'key_name'),
  act(known, 'migrate', { host: 'nowhere' }, 'host'),
  act(known, 'os-migrateLive', { host: null, disk_over_commit: false }, 'disk_over_commit'),
  act(known, 'os-migrateLive', { host: null, force: false }, 'force'),
  act(known, 'evacuate', { host: 'nowhere', onSharedStorage: false }, 'onSharedStorage'),
  act(known, 'evacuate', { host: 'nowhere', force: false }, 'force'),
  act(known, 'unshelve', { availability_zone: 'nowhere' }, 'availability_zone'),
  act(known, 'unshelve', { host: 'nowhere' }, 'host'),
  ...['volume-extended', 'power-update', 'accelerator-request-bound', 'volume-reimaged'].map(event),
  {
    name: 'POST /os-aggregates/{id}/images',
    method: 'POST',
    path: `/os-aggregates/${known.aggregate}/images`,
    body: { cache: [] },
  },
  { name: 'POST /flavors: `description`', method: 'POST', path: '/flavors', body: flavor({ description: 'd' }) },
  {
    name: 'POST /flavors/{id}/action: `addTenantAccess` to a public flavor',
    method: 'POST',
    path: '/flavors/1/action',
    body: { addTenantAccess: { tenant: 'nowhere' } },
  },
  { name: 'PUT /flavors/{id}', method: 'PUT', path: '/flavors/none', body: { flavor: { description: null } } },
  {
    name: 'PUT /servers/{id}: `hostname`',
    method: 'PUT',
    path: `/servers/${IMAGE_ID}`,
    body: { server: { hostname: 'h' } },
  },
  { name: 'PUT /os-services/{uuid}', method: 'PUT', path: `/os-services/${HOST_ID}`, body: {} },
  { name: 'PUT /os-services/enable', method: 'PUT', path: '/os-services/enable', body: { host: 'x', binary: 'x' } },
  {
    name: 'PUT /os-services/force-down',
    method: 'PUT',
    path: '/os-services/force-down',
    body: { host: 'x', binary: 'x', forced_down: true },
  },
  keypair('type', { name: 'a/b', type: 'ssh' }),
  keypair('user_id', { name: 'other', public_key: 'none', user_id: 'u' }),
  keypair('name with a dot', { name: 'a.b', public_key: 'none' }),
  group('policies: soft', { policies: ['soft-affinity', 'affinity'] }),
  group('policy', { policy: 'none' }),
  {
    name: 'POST /flavors/{id}/os-extra_specs: unknown name',
    method: 'POST',
    path: '/flavors/none/os-extra_specs',
    body: { extra_specs: { 'hw:unknown': '1' } },
  },
];

const flavor = (more: object): object => ({
  flavor: { name: 'm1.tiny', ram: 1, vcpus: 1, disk: 1, id: '1', ...more },
});

function keypair(field: string, given: object): Probe {
  return { name: `POST /os-keypairs: \`${field}\``, method: 'POST', path: '/os-keypairs', body: { keypair: given } };
}

function group(field: string, given: object): Probe {
  const body = { server_group: { name: 'g', ...given } };
  return { name: `POST /os-server-groups: \`${field}\``, method: 'POST', path: '/os-server-groups', body };
}

/** Fields and their types, whatever their values; of a refusal also its words. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (value === null) return 'null';
  if (typeof value !== 'object') return isUuid(value) ? 'uuid' : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, shapeOf(inner)]),
  );
}

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

const outcomeOf = ({ status, body, text }: Reply): string =>
  status < 400 ? JSON.stringify([status, shapeOf(body)]) : `${String(status)} ${text.slice(0, 400)}`;

/** What a probe is answered in a microversion, but for ids and other values. */
export async function answerTo(
  { method, path, body, headers, who = 'admin' }: Probe,
  minor: number,
  cloud: ComputeCloud,
): Promise<string> {
  const version = { ...microversion(minor), ...headers };
  return outcomeOf(await cloud.ask(who, method, path, body, version));
}

import { MAX_MICROVERSION } from '../../apps/controller/src/api/openstack/compute/shared/microversion';
import type { Random } from '../sim/random';
import type { Node, Ref, Unique } from './asked';

/** What a good request of an operation has, where no class of a body tells. */
export interface Recipe {
  readonly body?: Node;
  /** A body that is no JSON. */
  readonly data?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Cook = (random: Random, params: readonly (Ref | string)[]) => Recipe;

const ref = ($ref: string, random: Random): Ref => ({ $ref, whose: 'own', at: random.next() });
const name: Unique = { $unique: 'made' };
const body = (node: Node): Recipe => ({ body: node });
const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch';
const BYTES = { 'content-type': 'application/octet-stream' };

const password = (user: Node): Node => ({ identity: { methods: ['password'], password: { user } } });
const ADMIN: Node = { name: 'admin', domain: { id: 'default' }, password: 'secret' };

const lastText = (params: readonly (Ref | string)[]): string => {
  const last = params.at(-1);
  return typeof last === 'string' ? last : 'key';
};

/** Pools give out the first addresses of their ranges first. */
const floatingAddress = (random: Random): string => `203.0.113.${String(16 * random.int(0, 15) + random.int(1, 2))}`;

/** Servers' actions by their words; those that are missing take null. */
const ACTIONS: Readonly<Record<string, (random: Random) => Node>> = {
  'os-getConsoleOutput': (random) => random.pick([null, { length: random.int(-1, 50) }]),
  'os-resetState': (random) => ({ state: random.pick(['active', 'error']) }),
  createBackup: (random) => ({ name, backup_type: 'daily', rotation: random.int(0, 2) }),
  createImage: (random) => random.pick<Node>([{ name }, { name, metadata: { key: 'value' } }]),
  lock: (random) => random.pick([null, { locked_reason: 'because' }]),
  migrate: (random) => random.pick([null, {}, { host: 'node1' }]),
  reboot: (random) => ({ type: random.pick(['HARD', 'SOFT']) }),
  rebuild: (random) => ({ imageRef: ref('images', random) }),
  rescue: (random) => random.pick<Node>([null, {}, { adminPass: 'word' }]),
  resize: (random) => ({ flavorRef: random.pick(['1', '2', '3']) }),
  addFloatingIp: (random) => ({ address: floatingAddress(random) }),
  removeFloatingIp: (random) => ({ address: floatingAddress(random) }),
  unshelve: (random) => random.pick([null, { availability_zone: 'nova' }]),
  changePassword: () => ({ adminPass: 'word' }),
  addFixedIp: (random) => ({ networkId: ref('os-networks', random) }),
  removeFixedIp: (random) => ({ address: `10.0.0.${String(random.int(2, 9))}` }),
  addSecurityGroup: () => ({ name: 'default' }),
  removeSecurityGroup: () => ({ name: 'default' }),
  'os-getVNCConsole': () => ({ type: 'novnc' }),
  'os-getSerialConsole': () => ({ type: 'serial' }),
};

export const actionBody = (word: string, random: Random): Node => ({ [word]: ACTIONS[word]?.(random) ?? null });

const traffic = (random: Random): Record<string, Node> => {
  const port = random.int(1, 60_000);
  return {
    ip_protocol: random.pick(['tcp', 'udp']),
    from_port: port,
    to_port: port + random.int(0, 99),
    cidr: '10.0.0.0/8',
  };
};

const quota = (random: Random): Node => ({
  [random.pick(['instances', 'cores', 'ram', 'key_pairs'])]: random.int(20, 99),
});

/** By the operation's key. */
export const RECIPES: Readonly<Record<string, Cook>> = {
  'identity POST /v3/auth/tokens': () =>
    body({
      auth: { ...(password(ADMIN) as object), scope: { project: { name: 'admin', domain: { id: 'default' } } } },
    }),
  'identity GET /v3/auth/tokens': () => ({ headers: { 'x-subject-token': 'ref:tokens' } }),
  'identity DELETE /v3/auth/tokens': () => ({ headers: { 'x-subject-token': 'ref:tokens' } }),
  'identity POST /v2.0/tokens': () =>
    body({ auth: { passwordCredentials: { username: 'admin', password: 'secret' }, tenantName: 'admin' } }),
  'identity POST /v3/users/{id}/password': () => body({ user: { password: 'secret', original_password: 'secret' } }),
  'identity POST /v3/projects': () => body({ project: { name, tags: ['a'], colour: 'blue' } }),
  'identity PATCH /v3/projects/{id}': () => body({ project: { description: 'new', colour: 'green' } }),
  'identity POST /v3/users': () => body({ user: { name, password: 'secret' } }),
  'compute POST /servers': (random) => launch(random),
  'compute POST /servers/{id}/metadata': () => body({ metadata: { key: 'value' } }),
  'compute POST /images/{id}/metadata': () => body({ metadata: { key: 'value' } }),
  'compute POST /flavors/{id}/os-extra_specs': () => body({ extra_specs: { key: 'value' } }),
  'compute POST /os-keypairs': (random) => ({ body: { keypair: { name } }, headers: since(1, random, 91) }),
  'compute POST /os-volumes_boot': (random) => launch(random),
  'compute POST /os-volumes_boot/{id}/action': () => body({ lock: null }),
  'compute POST /servers/{id}/remote-consoles': (random) => ({
    body: {
      remote_console: random.pick([
        { protocol: 'vnc', type: 'novnc' },
        { protocol: 'serial', type: 'serial' },
      ]),
    },
    headers: since(8, random),
  }),
  'compute POST /servers/{id}/os-interface': (random) =>
    body({ interfaceAttachment: random.pick<Node>([{}, { net_id: ref('os-networks', random) }]) }),
  'compute POST /os-server-external-events': (random) =>
    body({ events: [{ name: 'network-changed', server_uuid: ref('servers', random) }] }),
  'compute POST /os-aggregates/{id}/images': (random) => ({
    body: { cache: [{ id: ref('images', random) }] },
    headers: since(81, random),
  }),
  'compute PUT /images/{id}/metadata/{key}': (_random, params) => body({ meta: { [lastText(params)]: 'value' } }),
  'compute POST /flavors': () =>
    body({ flavor: { name, ram: 64, vcpus: 1, disk: 1, 'os-flavor-access:is_public': false } }),
  'compute POST /flavors/{id}/action': (random) => body({ addTenantAccess: { tenant: ref('projects', random) } }),
  'compute POST /os-aggregates/{id}/action': (random) =>
    body(
      random.pick<Node>([
        { set_metadata: { metadata: { key: 'value' } } },
        { add_host: { host: random.pick(['node1', 'node2']) } },
      ]),
    ),
  'compute POST /os-floating-ips-bulk': (random) => ({
    body: { floating_ips_bulk_create: { ip_range: floatingRange(random) } },
    headers: since(1, random, 35),
  }),
  'compute PUT /os-floating-ips-bulk/{id}': (random) => ({
    body: { ip_range: floatingRange(random) },
    headers: since(1, random, 35),
  }),
  'compute POST /os-floating-ips': (random) => ({
    body: random.pick<Node>([{}, { pool: 'nova' }]),
    headers: since(1, random, 35),
  }),
  'compute PUT /os-floating-ip-dns/{id}': (random) => ({
    body: { domain_entry: { scope: random.pick(['public', 'private']) } },
    headers: since(1, random, 35),
  }),
  'compute PUT /os-floating-ip-dns/{domain}/entries/{id}': (random) => ({
    body: { dns_entry: { ip: random.pick([floatingAddress(random), '192.0.2.1']), dns_type: 'A' } },
    headers: since(1, random, 35),
  }),
  'compute POST /os-networks': (random) =>
    body({
      network: {
        label: name,
        cidr: cidr(random),
        ...random.pick<object>([{}, { multi_host: false }, { enable_dhcp: false }, { cidr_v6: cidrV6(random) }]),
      },
    }),
  'compute POST /os-networks/add': (random) => ({ body: { id: null }, headers: since(1, random, 35) }),
  'compute POST /os-networks/{id}/action': (random) => ({
    body: { [random.pick(['disassociate', 'disassociate_project', 'disassociate_host'])]: null },
    headers: since(1, random, 35),
  }),
  'compute POST /os-fixed-ips/{id}/action': (random) => ({
    body: { [random.pick(['reserve', 'unreserve'])]: null },
    headers: since(1, random, 35),
  }),
  'compute POST /os-tenant-networks': (random) => body({ network: { label: name, cidr: cidr(random) } }),
  'compute POST /os-server-groups': (random) => ({
    body: { server_group: { name, policy: random.pick(['affinity', 'soft-anti-affinity']) } },
    headers: since(64, random),
  }),
  'compute POST /os-security-groups': () => body({ security_group: { name, description: 'for a test' } }),
  'compute PUT /os-security-groups/{id}': () => body({ security_group: { name, description: 'renamed' } }),
  'compute POST /os-security-group-rules': (random) =>
    body({ security_group_rule: { parent_group_id: ref('os-security-groups', random), ...traffic(random) } }),
  'compute POST /os-security-group-default-rules': (random) => body({ security_group_default_rule: traffic(random) }),
  'compute PUT /os-services/enable': (random) => body(service(random)),
  'compute PUT /os-services/disable': (random) => body(service(random)),
  'compute PUT /os-services/disable-log-reason': (random) => body({ ...service(random), disabled_reason: 'broken' }),
  'compute PUT /os-services/force-down': (random) => ({
    body: { ...service(random), forced_down: random.chance(0.3) },
    headers: since(11, random, 52),
  }),
  'compute PUT /os-services/{id}': () => body({ status: 'enabled' }),
  'compute PUT /servers/{id}/metadata/{key}': (_random, params) => body({ meta: { [lastText(params)]: 'value' } }),
  'compute PUT /flavors/{id}/os-extra_specs/{key}': (_random, params) => body({ [lastText(params)]: 'value' }),
  'compute PUT /os-quota-sets/{id}': (random) => body({ quota_set: quota(random) }),
  'compute PUT /os-quota-class-sets/{id}': (random) => body({ quota_class_set: quota(random) }),
  'image POST /v2/images': (random) =>
    body({ name, disk_format: 'raw', container_format: 'bare', ...(random.chance(0.5) ? { colour: 'blue' } : {}) }),
  'image PATCH /v2/images/{imageId}': (random) => ({
    body: random.pick<Node>([
      [{ op: 'replace', path: '/name', value: name }],
      [{ op: 'add', path: '/colour', value: 'blue' }],
      [{ op: 'replace', path: '/tags', value: ['a', 'b'] }],
    ]),
    headers: { 'content-type': PATCH_TYPE },
  }),
  'image PUT /v2/images/{imageId}/file': () => ({ data: 'bits of an image', headers: BYTES }),
  'hosts PUT /v1/instances/{instanceId}/images/{imageId}': () => ({ data: 'bits of an image', headers: BYTES }),
  'hosts PUT /v1/replies/{requestId}': () => ({ data: 'login:', headers: BYTES }),
};

const launch = (random: Random): Recipe => ({
  body: {
    server: {
      name,
      flavorRef: random.pick<Node>(['1', ref('flavors', random)]),
      imageRef: ref('images', random),
      networks: random.pick(['none', 'auto']),
    },
  },
  headers: since(37, random),
});

const service = (random: Random): { readonly host: string; readonly binary: string } => ({
  host: random.pick(['node1', 'node2']),
  binary: 'nova-compute',
});

const since = (first: number, random: Random, last = MAX_MICROVERSION): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute 2.${String(random.int(first, last))}`,
});

const floatingRange = (random: Random): string => `203.0.113.${String(16 * random.int(0, 15))}/28`;

const cidrV6 = (random: Random): string => `fd${random.int(16, 255).toString(16)}::/64`;
const cidr = (random: Random): string => `10.${String(random.int(1, 250))}.${String(random.int(0, 250))}.0/24`;

import { listIn, objectIn, query } from './answers';
import { DNS_COMMANDS } from './dns';
import {
  floatingIpAssociate,
  floatingIpBulkCreate,
  floatingIpBulkDelete,
  floatingIpBulkList,
  floatingIpCreate,
  floatingIpDelete,
  floatingIpDisassociate,
  floatingIpList,
} from './floating-ips';
import { hostAction, hostDescribe, hostList, hostUpdate } from './hosts';
import { deleteImages, imageList, imageShow } from './images';
import { networkCreate } from './network-create';
import { OWNER_COMMANDS } from './network-owners';
import type { OwnCommand } from './own-command';
import { acted, listed, removed, shown } from './resource-commands';
import { SECURITY_GROUP_COMMANDS } from './security-groups';
import { fieldsOf, table } from './table';

const networkList = (path: string): OwnCommand['run'] =>
  listed(path, 'networks', { ID: 'id', Label: 'label', Cidr: 'cidr' });

const absoluteLimits: OwnCommand['run'] = async (client, { options }) => {
  const body = await client.compute('GET', `/limits${query('tenant_id', options.get('tenant'))}`);
  return fieldsOf('Name', objectIn(objectIn(body, 'limits'), 'absolute'));
};

const rateLimits: OwnCommand['run'] = async (client) => {
  const rates = listIn(objectIn(await client.compute('GET', '/limits'), 'limits'), 'rate');
  const rows = rates.flatMap((rate) =>
    listIn(rate, 'limit').map((limit) => [
      limit['verb'],
      rate['uri'],
      limit['value'],
      limit['remaining'],
      limit['unit'],
      limit['next-available'],
    ]),
  );
  return table(['Verb', 'URI', 'Value', 'Remain', 'Unit', 'Next_Available'], rows);
};

const credentials: OwnCommand['run'] = async (client) => {
  const { user, project, expires } = await client.session();
  // the token opens the cloud: it is no text for a terminal
  const token = { expires, id: '***', tenant: project.name };
  return `${fieldsOf('User Credentials', user)}${fieldsOf('Token', token)}`;
};

const endpoints: OwnCommand['run'] = async (client) => {
  const { catalog } = await client.session();
  return catalog
    .map(({ name, endpoints: places }) => {
      const [one] = places;
      const urls = Object.fromEntries(places.map((place) => [`${place.interface}URL`, place.url]));
      return fieldsOf(name, { id: one?.id, region: one?.region, ...urls });
    })
    .join('');
};

const extensions = listed('/extensions', 'extensions', {
  Name: 'name',
  Summary: 'description',
  Alias: 'alias',
  Updated: 'updated',
});

const pools = listed('/os-floating-ip-pools', 'floating_ip_pools', { name: 'name' });

const none = [0, 0] as const;
const one = [1, 1] as const;

const two = [2, 2] as const;

const ASSOCIATE: OwnCommand = {
  usage: 'SERVER ADDRESS [--fixed-address ADDRESS]',
  about: 'Lead a floating IP to a server.',
  values: two,
  run: floatingIpAssociate,
};
const DISASSOCIATE: OwnCommand = {
  usage: 'SERVER ADDRESS',
  about: 'Lead a floating IP nowhere.',
  values: two,
  run: floatingIpDisassociate,
};

/** Commands of the guide's `nova` that Debian's does not have any more. */
export const OWN: Readonly<Record<string, OwnCommand>> = {
  'image-list': {
    usage: '[--limit N] [--server SERVER]',
    about: 'Images, and the servers that they are snapshots of.',
    values: none,
    run: imageList,
  },
  'image-show': {
    usage: 'IMAGE',
    about: 'All that is known of an image.',
    values: one,
    run: imageShow,
  },
  'image-delete': { usage: 'IMAGE [IMAGE...]', about: 'Delete images.', values: [1, 100], run: deleteImages },
  'network-list': { usage: '', about: 'All networks.', values: none, run: networkList('/os-networks') },
  'network-show': {
    usage: 'NETWORK',
    about: 'All that is known of a network.',
    values: one,
    run: shown('/os-networks', 'network'),
  },
  'network-create': {
    usage:
      'LABEL --fixed-range-v4 CIDR [--num-networks N] [--network-size N] [--vlan ID | --vlan-start ID] [--bridge BRIDGE] [--bridge-interface INTERFACE] [--multi-host true|false] [--enable-dhcp true|false] [--gateway IP] [--dns1 IP] [--dns2 IP] [--mtu N]',
    about: 'Make a network, or several of one range.',
    values: one,
    run: networkCreate,
  },
  'network-associate-host': {
    usage: 'NETWORK HOST',
    about: 'Make a host the gateway of all guests of a network.',
    values: two,
    run: acted('/os-networks', ([, host]) => ({ associate_host: host })),
  },
  'network-delete': { usage: 'NETWORK', about: 'Delete a network.', values: one, run: removed('/os-networks') },
  'tenant-network-list': {
    usage: '',
    about: "The networks of one's project.",
    values: none,
    run: networkList('/os-tenant-networks'),
  },
  'tenant-network-show': {
    usage: 'NETWORK',
    about: "A network of one's project.",
    values: one,
    run: shown('/os-tenant-networks', 'network'),
  },
  'net-list': { usage: '', about: 'As tenant-network-list.', values: none, run: networkList('/os-tenant-networks') },
  net: {
    usage: 'NETWORK',
    about: 'As tenant-network-show.',
    values: one,
    run: shown('/os-tenant-networks', 'network'),
  },
  ...OWNER_COMMANDS,
  ...DNS_COMMANDS,
  ...SECURITY_GROUP_COMMANDS,
  'floating-ip-list': { usage: '', about: "The floating IPs of one's project.", values: none, run: floatingIpList },
  'floating-ip-create': { usage: '[POOL]', about: 'Get a floating IP.', values: [0, 1], run: floatingIpCreate },
  'floating-ip-delete': { usage: 'ADDRESS', about: 'Give a floating IP back.', values: one, run: floatingIpDelete },
  'floating-ip-associate': ASSOCIATE,
  'add-floating-ip': ASSOCIATE,
  'floating-ip-disassociate': DISASSOCIATE,
  'remove-floating-ip': DISASSOCIATE,
  'floating-ip-bulk-list': { usage: '', about: 'All floating addresses.', values: none, run: floatingIpBulkList },
  'floating-ip-bulk-create': {
    usage: 'RANGE [--pool POOL] [--interface INTERFACE]',
    about: 'Give a pool addresses.',
    values: one,
    run: floatingIpBulkCreate,
  },
  'floating-ip-bulk-delete': {
    usage: 'RANGE',
    about: 'Take addresses out of their pools.',
    values: one,
    run: floatingIpBulkDelete,
  },
  'floating-ip-pool-list': { usage: '', about: 'Where floating IPs come from.', values: none, run: pools },
  'host-list': { usage: '[--zone ZONE]', about: 'All hosts, with their services.', values: none, run: hostList },
  'host-describe': {
    usage: 'HOST',
    about: 'What a host has, and how much of it is used.',
    values: one,
    run: hostDescribe,
  },
  'host-update': {
    usage: 'HOST [--status enable|disable] [--maintenance enable|disable]',
    about: 'Let a host take new servers, or not.',
    values: one,
    run: hostUpdate,
  },
  'host-action': {
    usage: 'HOST --action startup|shutdown|reboot',
    about: 'Power of a host.',
    values: one,
    run: hostAction,
  },
  'absolute-limits': {
    usage: '[--tenant PROJECT]',
    about: 'Limits of a project, and how much of them is used.',
    values: none,
    run: absoluteLimits,
  },
  'rate-limits': { usage: '', about: 'Limits of the rate of requests: there are none.', values: none, run: rateLimits },
  credentials: { usage: '', about: 'Who one is.', values: none, run: credentials },
  endpoints: { usage: '', about: 'Where the services are.', values: none, run: endpoints },
  'list-extensions': { usage: '', about: 'The extensions of the API.', values: none, run: extensions },
};

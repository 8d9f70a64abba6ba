import { own } from '@cairn/domain';

import { first, listIn, objectIn } from './answers';
import type { Client, Json } from './client';
import type { OwnCommand } from './own-command';
import { acted, removed } from './resource-commands';
import { columnsOf, properties, tableOf } from './table';

const disassociateNetwork = (client: Client, id: string, only: string | undefined): Promise<Json> =>
  client.compute('POST', `/os-networks/${id}/action`, { [only ?? 'disassociate']: null });

const associate: OwnCommand['run'] = async (client, { values: [id] }) => {
  await client.compute('POST', '/os-networks/add', { id });
  return '';
};

const disassociate: OwnCommand['run'] = async (client, given) => {
  const isAsked = (option: string): boolean =>
    ['1', 'true', ''].includes(given.options.get(option)?.toLowerCase() ?? '0');
  const what = isAsked('host-only')
    ? 'disassociate_host'
    : isAsked('project-only')
      ? 'disassociate_project'
      : undefined;
  await disassociateNetwork(client, first(given), what);
  return '';
};

/** As nova's: takes every network from the project, and deletes its security groups but the one that each project has. */
const scrub: OwnCommand['run'] = async (client, { values: [project] }) => {
  const networks = listIn(await client.compute('GET', '/os-networks'), 'networks');
  for (const network of networks.filter((one) => own(one, 'project_id') === project))
    await disassociateNetwork(client, String(network['id']), undefined);
  const groups = listIn(await client.compute('GET', '/os-security-groups?all_tenants=1'), 'security_groups');
  for (const group of groups.filter((one) => own(one, 'tenant_id') === project && own(one, 'name') !== 'default'))
    await client.compute('DELETE', `/os-security-groups/${String(group['id'])}`);
  return '';
};

const createOfTenant: OwnCommand['run'] = async (client, { values: [label, cidr] }) => {
  const made = await client.compute('POST', '/os-tenant-networks', { network: { label, cidr } });
  return properties(objectIn(made, 'network'));
};

const FIXED_IPS = '/os-fixed-ips';

const fixedIp: OwnCommand['run'] = async (client, given) => {
  const found = objectIn(await client.compute('GET', `${FIXED_IPS}/${first(given)}`), 'fixed_ip');
  return tableOf(columnsOf('address', 'cidr', 'hostname', 'host'), [found]);
};

const CREATE: OwnCommand = {
  usage: 'LABEL CIDR',
  about: "Make a network of one's project.",
  values: [2, 2],
  run: createOfTenant,
};
const DELETE: OwnCommand = {
  usage: 'NETWORK',
  about: "Delete a network of one's project.",
  values: [1, 1],
  run: removed('/os-tenant-networks'),
};

/** Whom networks and their addresses are for. */
export const OWNER_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  'network-associate-project': {
    usage: 'NETWORK',
    about: "Give a network to one's project.",
    values: [1, 1],
    run: associate,
  },
  'network-disassociate': {
    usage: 'NETWORK [--host-only 1] [--project-only 1]',
    about: 'Take a network from its project.',
    values: [1, 1],
    run: disassociate,
  },
  scrub: {
    usage: 'PROJECT',
    about: 'Take all networks from a project, and delete its security groups.',
    values: [1, 1],
    run: scrub,
  },
  'tenant-network-create': CREATE,
  'net-create': CREATE,
  'tenant-network-delete': DELETE,
  'net-delete': DELETE,
  'fixed-ip-get': { usage: 'ADDRESS', about: 'Who has a fixed address.', values: [1, 1], run: fixedIp },
  'fixed-ip-reserve': {
    usage: 'ADDRESS',
    about: 'Keep an address from being given out.',
    values: [1, 1],
    run: acted(FIXED_IPS, () => ({ reserve: null })),
  },
  'fixed-ip-unreserve': {
    usage: 'ADDRESS',
    about: 'Let a reserved address be given out again.',
    values: [1, 1],
    run: acted(FIXED_IPS, () => ({ unreserve: null })),
  },
};

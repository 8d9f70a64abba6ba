import { listIn, objectIn } from './answers';
import { type Client, CommandError, type Json } from './client';
import type { OwnCommand } from './own-command';
import { listed } from './resource-commands';
import { columnsOf, tableOf } from './table';

const COLUMNS = { Ip: 'ip', 'Server Id': 'instance_id', 'Fixed Ip': 'fixed_ip', Pool: 'pool' } as const;

const floatingTable = (all: readonly Json[]): string => tableOf(COLUMNS, all);

const all = async (client: Client): Promise<readonly Json[]> =>
  listIn(await client.compute('GET', '/os-floating-ips'), 'floating_ips');

export const floatingIpList: OwnCommand['run'] = async (client) => floatingTable(await all(client));

export const floatingIpCreate: OwnCommand['run'] = async (client, { values: [pool] }) => {
  const made = await client.compute('POST', '/os-floating-ips', pool === undefined ? {} : { pool });
  return floatingTable([objectIn(made, 'floating_ip')]);
};

export const floatingIpDelete: OwnCommand['run'] = async (client, { values: [address] }) => {
  const found = (await all(client)).find((one) => one['ip'] === address);
  if (found === undefined) throw new CommandError(`Floating ip ${address ?? ''} not found.`);
  await client.compute('DELETE', `/os-floating-ips/${String(found['id'])}`);
  return '';
};

/** The server of that id, or else of that name. */
async function serverId(client: Client, idOrName: string): Promise<string> {
  const servers = listIn(
    await client.compute('GET', `/servers?name=${encodeURIComponent(`^${idOrName}$`)}`),
    'servers',
  );
  const id = servers[0]?.['id'];
  return typeof id === 'string' ? id : idOrName;
}

const act = async (client: Client, server: string, action: object): Promise<string> => {
  await client.compute('POST', `/servers/${await serverId(client, server)}/action`, action);
  return '';
};

export const floatingIpAssociate: OwnCommand['run'] = (client, { values: [server = '', address], options }) => {
  const fixed = options.get('fixed-address');
  const asked = { address, ...(fixed === undefined ? {} : { fixed_address: fixed }) };
  return act(client, server, { addFloatingIp: asked });
};

export const floatingIpDisassociate: OwnCommand['run'] = (client, { values: [server = '', address] }) =>
  act(client, server, { removeFloatingIp: { address } });

export const floatingIpBulkList = listed(
  '/os-floating-ips-bulk',
  'floating_ip_info',
  columnsOf('project_id', 'address', 'instance_uuid', 'pool', 'interface'),
);

export const floatingIpBulkCreate: OwnCommand['run'] = async (client, { values: [range], options }) => {
  const asked = { ip_range: range, ...Object.fromEntries(options) };
  await client.compute('POST', '/os-floating-ips-bulk', { floating_ips_bulk_create: asked });
  return '';
};

export const floatingIpBulkDelete: OwnCommand['run'] = async (client, { values: [range] }) => {
  await client.compute('PUT', '/os-floating-ips-bulk/delete', { ip_range: range });
  return '';
};

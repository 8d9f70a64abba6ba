import { first, listIn, objectIn, query } from './answers';
import { type Client, CommandError, type Json } from './client';
import type { OwnCommand } from './own-command';
import { table } from './table';

export const hostList: OwnCommand['run'] = async (client, { options }) => {
  const hosts = listIn(await client.compute('GET', `/os-hosts${query('zone', options.get('zone'))}`), 'hosts');
  return table(
    ['host_name', 'service', 'zone'],
    hosts.map((host) => [host['host_name'], host['service'], host['zone']]),
  );
};

const RESOURCES = ['host', 'project', 'cpu', 'memory_mb', 'disk_gb'] as const;

/** The rows of what a host has, and who uses it. */
async function hostResources(client: Client, host: string): Promise<readonly Json[]> {
  const rows = (await client.compute('GET', `/os-hosts/${encodeURIComponent(host)}`))['host'] as readonly Json[];
  return rows.map((row) => objectIn(row, 'resource'));
}

export const hostDescribe: OwnCommand['run'] = async (client, { values }) => {
  const rows = await hostResources(client, values[0] ?? '');
  return table(
    ['HOST', 'PROJECT', 'cpu', 'memory_mb', 'disk_gb'],
    rows.map((row) => RESOURCES.map((name) => row[name])),
  );
};

export const hostUpdate: OwnCommand['run'] = async (client, given) => {
  const { options } = given;
  const [status, maintenance] = [options.get('status'), options.get('maintenance')];
  const body = {
    ...(status === undefined ? {} : { status }),
    ...(maintenance === undefined ? {} : { maintenance_mode: maintenance }),
  };
  const { host, ...rest } = await client.compute('PUT', `/os-hosts/${first(given)}`, body);
  return table(['HOST', 'status', 'maintenance_mode'], [[host, rest['status'], rest['maintenance_mode']]]);
};

export const hostAction: OwnCommand['run'] = async (client, given) => {
  const action = given.options.get('action') ?? '';
  if (!['startup', 'shutdown', 'reboot'].includes(action))
    throw new CommandError('argument --action: choose from startup, shutdown, reboot');
  const { host, power_action: power } = await client.compute('GET', `/os-hosts/${first(given)}/${action}`);
  return table(['HOST', 'power_action'], [[host, power]]);
};

import { blocksOf, labelOfBlock, own, parseCidr } from '@cairn/domain';

import { objectIn } from './answers';
import { CommandError, type Json } from './client';
import type { OwnCommand } from './own-command';
import { properties } from './table';

/** Options of network-create, each with its field of the API. */
const FIELDS: Readonly<Record<string, string>> = {
  'fixed-range-v4': 'cidr',
  bridge: 'bridge',
  dns1: 'dns1',
  dns2: 'dns2',
  gateway: 'gateway',
  mtu: 'mtu',
  'project-id': 'project_id',
  vlan: 'vlan',
  'vlan-start': 'vlan_start',
  'multi-host': 'multi_host',
  'bridge-interface': 'bridge_interface',
  'enable-dhcp': 'enable_dhcp',
  'fixed-range-v6': 'cidr_v6',
};

/** How many networks are made of the range, and of how many addresses, as `nova-manage network create` makes them. */
const SEVERAL: readonly string[] = ['num-networks', 'network-size'];

const MOST_NETWORKS = 1_000;

/** One network after the other: where one is refused, those before it are there. */
export const networkCreate: OwnCommand['run'] = async (client, { values: [label = ''], options }) => {
  const fields = [...options]
    .filter(([name]) => !SEVERAL.includes(name))
    .map(([name, value]) => {
      const field = own(FIELDS, name);
      if (field === undefined) throw new CommandError(`unrecognized arguments: --${name}`);
      return [field, value];
    });
  const network = Object.fromEntries(fields) as Json;
  const make = async (more: object): Promise<string> => {
    const made = await client.compute('POST', '/os-networks', { network: { label, ...network, ...more } });
    return properties(objectIn(made, 'network'));
  };
  if (!SEVERAL.some((name) => options.has(name))) return make({});
  const cidrs = partsOf(options);
  let shown = '';
  for (const [i, cidr] of cidrs.entries()) shown += await make({ cidr, label: labelOfBlock(label, i, cidrs.length) });
  return shown;
};

/** @throws CommandError in nova's words where they do not fit; its defaults are one network of 256 addresses. */
function partsOf(options: ReadonlyMap<string, string>): readonly string[] {
  const [count, size] = [Number(options.get('num-networks') ?? 1), Number(options.get('network-size') ?? 256)];
  const block = parseCidr(options.get('fixed-range-v4') ?? '');
  const isPossible = Number.isInteger(count) && count >= 1 && count <= MOST_NETWORKS;
  const parts = block === undefined || !isPossible ? undefined : blocksOf(block, count, size);
  if (parts !== undefined) return parts;
  const what = `${String(count)} networks. Network size is ${String(size)}`;
  throw new CommandError(`The network range is not big enough to fit ${what}.`);
}

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Damage } from '../../ports/network-damages';
import { eventually } from '../../testing/eventually';
import { runCommand } from '../host-command';
import { tapName } from '../linux-network/names';
import { hasEnded, pidsWithArgument } from '../process-table';

import { ip, portOf, TEST_TABLE, testNetwork } from './test-networks';

const { bridge, cidr, networkId } = testNetwork(1);
const dual = testNetwork(2);
const { instanceId, index, nic } = portOf(1);
const TAP = tapName(instanceId, index);

const nft = (commands: string): Promise<string> => runCommand('nft', ['-f', '-'], { input: `${commands}\n` });
const set = (path: string, value: string): Promise<void> => writeFile(`/proc/sys/net/${path}`, value);
const fileOf = (directory: string, name: string): string => join(directory, 'networks', networkId, name);

async function killServer(directory: string): Promise<void> {
  for (const pid of await pidsWithArgument(`--pid-file=${fileOf(directory, 'dnsmasq.pid')}`)) {
    process.kill(pid, 'SIGKILL');
    await eventually('dnsmasq has ended', async () => ((await hasEnded(pid)) ? true : undefined));
  }
}

/** What somebody does by hand to the first network of the tests, to its first port, or to a floating IP that leads there. */
const BY_HAND: Readonly<Record<Damage, (directory: string) => Promise<unknown>>> = {
  'a bridge that is deleted': () => ip('link', 'delete', 'dev', bridge),
  'a bridge that is down': () => ip('link', 'set', 'dev', bridge, 'down'),
  'a bridge with another MTU': () => ip('link', 'set', 'dev', bridge, 'mtu', '1300'),
  'a gateway without its address': () => ip('address', 'flush', 'dev', bridge),
  'a route that is deleted': () => ip('route', 'delete', cidr, 'dev', bridge),
  'a bridge that speaks IPv6': () => set(`ipv6/conf/${bridge}/disable_ipv6`, '0'),
  'a bridge that does not speak IPv6': () => set(`ipv6/conf/${dual.bridge}/disable_ipv6`, '1'),
  'a gateway without its IPv6 address': () =>
    ip('address', 'delete', `${dual.ipv6?.gateway ?? ''}/64`, 'dev', dual.bridge),
  'a router that guests do not find': () => ip('address', 'flush', 'dev', dual.bridge, 'scope', 'link'),
  'an IPv6 route that is deleted': () => ip('route', 'delete', dual.ipv6?.cidr ?? '', 'dev', dual.bridge),
  'a host that believes guests about routes': () => set(`ipv6/conf/${dual.bridge}/accept_ra`, '2'),
  'a tap that is deleted': () => ip('link', 'delete', 'dev', TAP),
  'a tap that is no port of its bridge': () => ip('link', 'set', 'dev', TAP, 'nomaster'),
  'a tap that is down': () => ip('link', 'set', 'dev', TAP, 'down'),
  'a tap without its mark': () => ip('link', 'set', 'dev', TAP, 'alias', ''),
  'a tap that no guest has': async () => {
    await ip('tuntap', 'add', 'dev', 'cairntestx', 'mode', 'tap');
    await ip('link', 'set', 'dev', 'cairntestx', 'alias', `cairn:${networkId}`);
  },
  'a guest that is taken for another': () =>
    ip('neighbour', 'replace', nic.address, 'lladdr', 'fa:16:3e:66:66:66', 'dev', bridge),
  'a DHCP server that is killed': killServer,
  'hosts of the DHCP server that are changed': (directory) => writeFile(fileOf(directory, 'dhcp-hosts'), ''),
  'hosts of the DHCP server that are deleted': (directory) => rm(fileOf(directory, 'dhcp-hosts')),
  'leases that are deleted': (directory) => rm(fileOf(directory, 'dhcp-leases')),
  'a floating IP that is deleted': () => ip('address', 'delete', '203.0.113.1/32', 'dev', 'lo'),
  'forwarding that is turned off': () => set('ipv4/ip_forward', '0'),
  'forwarding of IPv6 that is turned off': () => set('ipv6/conf/all/forwarding', '0'),
  'a strict reverse path filter': () => set('ipv4/conf/lo/rp_filter', '1'),
  'bridges that the filter does not see': () => set('bridge/bridge-nf-call-iptables', '0'),
  'bridges that the filter of IPv6 does not see': () => set('bridge/bridge-nf-call-ip6tables', '0'),
  'a table of rules that is deleted': () => nft(`delete table bridge ${TEST_TABLE}`),
  'rules that are deleted': () => nft(`flush chain bridge ${TEST_TABLE} ${TAP}`),
  'a translation of addresses that is deleted': () => nft(`flush chain ip ${TEST_TABLE} floating_in`),
  'a rule that somebody added': () => nft(`insert rule ip ${TEST_TABLE} isolation accept`),
  'an element of a set that is deleted': () => nft(`delete element ip ${TEST_TABLE} bridges { "${bridge}" }`),
};

export const damageByHand = async (directory: string, kind: Damage): Promise<void> => {
  await BY_HAND[kind](directory);
};

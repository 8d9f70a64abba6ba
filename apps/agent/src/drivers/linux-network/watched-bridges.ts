import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { runCommand } from '../host-command';

import { networkFailure } from './check-port';

const SWITCH = '/proc/sys/net/bridge/bridge-nf-call-iptables';

/**
 * Has the kernel show the tables of IPv4 what passes between the ports of a bridge; without that no security group holds
 * between guests of one host. Somebody may have turned it off since.
 * @throws JobFailure on a kernel that cannot.
 */
export async function watchBridges(): Promise<void> {
  if (!existsSync(SWITCH)) await runCommand('modprobe', ['br_netfilter']).catch(() => undefined);
  if (!existsSync(SWITCH))
    throw networkFailure('The kernel of this host does not filter what passes bridges: it lacks br_netfilter.');
  if (readFileSync(SWITCH, 'utf8').trim() !== '1') writeFileSync(SWITCH, '1');
}

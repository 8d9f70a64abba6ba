import type { NetworkSpec } from '@cairn/host-protocol';

import type { Port } from '../../ports/host-network.port';
import { dualNetworkOf, instanceIdOf, networkOf, nicOf } from '../../testing/specs';
import { runCommand } from '../host-command';

/** nftables tables of the tests, so that a cloud on the same machine keeps its own. */
export const TEST_TABLE = 'cairn_test';

export const ip = (...args: readonly string[]): Promise<string> => runCommand('ip', args);

/** Networks that nobody else on this machine has. Those of even numbers have IPv6 addresses, too. */
export const testNetwork = (n: number): NetworkSpec => {
  const block = `10.213.${String(n)}`;
  const make = n % 2 === 0 ? dualNetworkOf : networkOf;
  return make(n, { bridge: `cairntest${String(n)}`, cidr: `${block}.0/24`, gateway: `${block}.1`, mtu: 1400 });
};

/** Port of the n-th guest on the m-th network. */
export const portOf = (n: number, m = 1): Port => ({
  instanceId: instanceIdOf(n),
  hostname: `vm-${String(n)}`,
  index: 0,
  nic: nicOf(n, testNetwork(m)),
});

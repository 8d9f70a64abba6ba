import { deriveId, formatIpv4, kindOf, parseCidr, streamRef } from '@cairn/domain';
import { segmented } from '../application/network/segments';
import type { CommandContext } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** The network that instances get when they ask for none. */
const FIRST_NETWORK_ID = deriveId('bootstrap', 'network');

export async function bootstrapNetwork(
  { executor, config, log }: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  const { network } = config.cloud;
  const target = streamRef('network', FIRST_NETWORK_ID);
  const { exists, spec } = await executor.state(target);
  if (exists) {
    if (spec.cidr !== network.cidr || spec.bridge !== network.bridge)
      log.warn('the network keeps what it was made with', { made: spec, configured: network });
    return;
  }
  const base = parseCidr(network.cidr)?.base ?? 0;
  const { type, multiHost, interface: joining, ...configured } = network;
  const kind = kindOf(type, { dhcp: true, multiHost, interface: joining });
  const gateway = network.gateway ?? formatIpv4(base + 1);
  const wanted = { ...configured, ...kind, networkId: FIRST_NETWORK_ID, gateway };
  const made = await segmented(executor, network, wanted, contextOf('network-segment'));
  const data = { ...made, rangeStart: null, rangeEnd: null };
  await executor.execute(target, { type: 'CreateNetwork', data }, contextOf('network'));
}

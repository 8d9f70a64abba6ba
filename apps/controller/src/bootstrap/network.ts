import {
  blocksOf,
  deriveId,
  formatIpv4,
  formatIpv6,
  type Ipv6Block,
  kindOf,
  labelOfBlock,
  type NetworkSpec,
  parseCidr,
  parseCidrV6,
  streamRef,
  traitsOf,
} from '@cairn/domain';
import { newRange } from '../application/network/new-range';
import { Segments } from '../application/network/segments';
import type { ControllerConfig } from '../config';
import type { CommandContext } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** The network that instances get when they ask for none; where each project has its own, the first of those. */
const FIRST_NETWORK_ID = deriveId('bootstrap', 'network');

export async function bootstrapNetwork(
  core: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  const { executor, config, log } = core;
  const { network } = config.cloud;
  for (const [i, spec] of networksOf(network).entries()) {
    const { exists, spec: made } = await executor.state(streamRef('network', spec.networkId));
    if (!exists) await makeNetwork(core, spec, (step) => contextOf(step, ...(i === 0 ? [] : [spec.networkId])));
    else if (made.cidr !== spec.cidr || (made.segment?.type !== 'vlan' && made.bridge !== spec.bridge))
      log.warn('the network keeps what it was made with', { made, configured: network });
  }
}

/** The first networks of the cloud, as the operator has configured them. */
function networksOf(network: ControllerConfig['cloud']['network']): readonly NetworkSpec[] {
  const { label, bridge, cidr, dns, domain, mtu, type, multiHost, numNetworks, networkSize } = network;
  const { cidrV6, gatewayV6, dnsV6 } = network;
  const common = { bridge, dns, domain, mtu, ...kindOf(type, { dhcp: true, multiHost, interface: network.interface }) };
  const firstOf = (block: string): string => formatIpv4((parseCidr(block)?.base ?? 0) + 1);
  const whole = parseCidr(cidr);
  if (!traitsOf(type).forOneProject || whole === undefined)
    return [
      {
        ...common,
        networkId: FIRST_NETWORK_ID,
        label,
        cidr,
        gateway: network.gateway ?? firstOf(cidr),
        ...(cidrV6 === null ? {} : { ipv6: ipv6Of(cidrV6, gatewayV6, dnsV6) }),
      },
    ];
  const blocks = blocksOf(whole, numNetworks, networkSize) ?? [];
  return blocks.map((block, i) => ({
    ...common,
    networkId: i === 0 ? FIRST_NETWORK_ID : deriveId(FIRST_NETWORK_ID, i),
    label: labelOfBlock(label, i, blocks.length),
    cidr: block,
    gateway: firstOf(block),
  }));
}

async function makeNetwork(
  { executor, config }: BootstrapCore,
  spec: NetworkSpec,
  contextOf: (step: string) => CommandContext,
): Promise<void> {
  const segments = new Segments(executor, config.cloud.network);
  const made = await segments.given({ spec }, contextOf('network-segment'));
  const data = { ...made, ...newRange(made) };
  await executor.execute(streamRef('network', spec.networkId), { type: 'CreateNetwork', data }, contextOf('network'));
  await segments.confirm(made, contextOf('network-confirmed'));
}

const ipv6Of = (cidr: string, gateway: string | null, dns: readonly string[]): Ipv6Block => ({
  cidr,
  gateway: gateway ?? formatIpv6((parseCidrV6(cidr)?.base ?? 0n) + 1n),
  dns,
});

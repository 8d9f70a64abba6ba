import { LAST_VLAN } from '@cairn/domain';
import { type GatewayDuties, isBridgeName, isInterfaceName, type NetworkSpec } from '@cairn/host-protocol';

import { JobFailure } from '../../ports/errors';
import type { Port } from '../../ports/host-network.port';

import { contains, overlap, parseAddress, parseCidr } from './ipv4';

/** Prefixes that hold a network, a gateway, a guest and a broadcast address. */
const LONGEST_PREFIX = 30;
const MAC = /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/i;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!$)|$))*$/i;
const ID = /^[0-9a-zA-Z-]{1,64}$/;
/** IPv4's least and what a tap allows. */
const MTU = { least: 576, most: 65_521 } as const;

/** What this driver refuses about a network; also what keeps other text out of rules, files and commands made from it. */
export function networkFailure(why: string, options?: ErrorOptions): JobFailure {
  return new JobFailure('network.failed', why, false, options);
}

/** @throws JobFailure naming what cannot be realised. */
export function checkPort({ instanceId, index, nic }: Port): void {
  checkNetwork(nic.network);
  const cidr = parseCidr(nic.network.cidr);
  const address = parseAddress(nic.address);
  require(ID.test(instanceId), `Not an id: ${instanceId}`);
  require(Number.isInteger(index) && index >= 0, `Not the index of a NIC: ${String(index)}`);
  require(MAC.test(nic.mac), `Not the hardware address of a NIC: ${nic.mac}`);
  const held = cidr !== null && address !== null && contains(cidr, address) && nic.address !== nic.network.gateway;
  require(held, `${nic.address} is not an address for a guest on ${nic.network.cidr}`);
}

/** @throws JobFailure naming what cannot be realised. */
export function checkDuties({ network, guests }: GatewayDuties): void {
  checkNetwork(network);
  for (const { address, mac } of guests)
    require(parseAddress(address) !== null && MAC.test(mac), `Not a guest of a network: ${mac} ${address}`);
}

function checkNetwork(network: NetworkSpec): void {
  const { networkId, bridge, cidr, gateway, dns, domain, mtu, interface: device, segment } = network;
  require(ID.test(networkId), `Not an id: ${networkId}`);
  require(isBridgeName(bridge), `Not a name for a bridge: ${bridge}`);
  const block = parseCidr(cidr);
  require(block !== null && cidr.includes('/') && block.prefix <= LONGEST_PREFIX, `Not a network for guests: ${cidr}`);
  const at = parseAddress(gateway);
  require(block !== null && at !== null && contains(block, at), `The gateway ${gateway} is not in ${cidr}`);
  require(device === undefined || isInterfaceName(device), `Not a name for an interface: ${device ?? ''}`);
  for (const server of dns) require(parseAddress(server) !== null, `Not the address of a name server: ${server}`);
  require(DOMAIN.test(domain), `Not a domain name: ${domain}`);
  const vlan = segment?.type === 'vlan' ? segment.id : 1;
  require(Number.isInteger(vlan) && vlan >= 1 && vlan <= LAST_VLAN, `Not a VLAN: ${String(vlan)}`);
  require(Number.isInteger(mtu) && mtu >= MTU.least && mtu <= MTU.most, `Not an MTU: ${String(mtu)}`);
}

const vlanOf = ({ segment }: NetworkSpec): number | null => (segment?.type === 'vlan' ? segment.id : null);

/**
 * Compares a new port with those of the host.
 * @throws JobFailure when they cannot be there together.
 */
export function checkTogether(port: Port, others: readonly Port[]): void {
  const { nic, instanceId, index } = port;
  for (const other of others) {
    if (other.instanceId === instanceId && other.index === index) continue;
    const theirs = other.nic.network;
    if (theirs.networkId !== nic.network.networkId) {
      const [one, two] = [vlanOf(theirs), vlanOf(nic.network)];
      require(one === null || one !== two, `The VLAN ${String(one)} belongs to the network ${theirs.label}`);
      require(theirs.bridge !==
        nic.network.bridge, `The bridge ${theirs.bridge} belongs to the network ${theirs.label}`);
      const clash = overlaps(theirs.cidr, nic.network.cidr);
      require(!clash, `${nic.network.cidr} overlaps ${theirs.cidr} of the network ${theirs.label} on this host`);
      continue;
    }
    const holder = `of instance ${other.instanceId} on this host`;
    require(other.nic.address !== nic.address, `${nic.address} is the address ${holder}`);
    require(other.nic.mac.toLowerCase() !== nic.mac.toLowerCase(), `${nic.mac} is the hardware address ${holder}`);
  }
}

/** Whether two blocks, given as text, overlap; text that is no block overlaps nothing. */
export function overlaps(a: string, b: string): boolean {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  return one !== null && other !== null && overlap(one, other);
}

function require(holds: boolean, orElse: string): void {
  if (!holds) throw networkFailure(orElse);
}

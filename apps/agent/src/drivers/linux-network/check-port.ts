import { formatCidrV6, formatIpv6, LAST_VLAN, overlapV6, parseCidrV6, parseIpv6 } from '@cairn/domain';
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
  if (nic.addressV6 !== undefined) {
    const { addressV6: text, network } = nic;
    const isOwn = isIn(network.ipv6?.cidr ?? '', text) && text !== network.ipv6?.gateway;
    require(isOwn, `${text} is not an address for a guest on ${network.ipv6?.cidr ?? 'a network of IPv4 alone'}`);
  }
}

/** Whether it is an address of the block, and both are written shortest: other tools write them so. */
function isIn(block: string, text: string): boolean {
  const [cidr, address] = [parseCidrV6(block), parseIpv6(text)];
  if (cidr === undefined || address === undefined) return false;
  const isShortest = formatCidrV6(cidr) === block && formatIpv6(address) === text;
  return isShortest && address >= cidr.base && address <= cidr.last;
}

/** @throws JobFailure naming what cannot be realised. */
export function checkDuties({ network, guests }: GatewayDuties): void {
  checkNetwork(network);
  for (const { address, mac } of guests)
    require(parseAddress(address) !== null && MAC.test(mac), `Not a guest of a network: ${mac} ${address}`);
}

function checkNetwork(network: NetworkSpec): void {
  const { networkId, bridge, cidr, gateway, dns, domain, mtu, ipv6, interface: device, segment } = network;
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
  if (ipv6 !== undefined) {
    require(isIn(ipv6.cidr, ipv6.gateway), `The gateway ${ipv6.gateway} is not in ${ipv6.cidr}`);
    for (const server of ipv6.dns)
      require(parseIpv6(server) !== undefined, `Not the address of a name server: ${server}`);
  }
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
      const of = `of the network ${theirs.label} on this host`;
      const clash = overlaps(theirs.cidr, nic.network.cidr);
      require(!clash, `${nic.network.cidr} overlaps ${theirs.cidr} ${of}`);
      const [ours, other6] = [nic.network.ipv6?.cidr ?? '', theirs.ipv6?.cidr ?? ''];
      require(!overlapsV6(ours, other6), `${ours} overlaps ${other6} ${of}`);
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

/** The same of IPv6. */
export function overlapsV6(a: string, b: string): boolean {
  const [one, other] = [parseCidrV6(a), parseCidrV6(b)];
  return one !== undefined && other !== undefined && overlapV6(one, other);
}

function require(holds: boolean, orElse: string): void {
  if (!holds) throw networkFailure(orElse);
}

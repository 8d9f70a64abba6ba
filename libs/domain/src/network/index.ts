export { addressInUse, addressRefusal, isForOneProject, isKept, mayUseNetwork } from './addresses';
export * from './decider';
export { networkRef, networkReservation } from './quota';
export type { NetworkCommand, NetworkEvent } from './messages';
export { type InjectedNic, injectedNic, interfacesFile, nameServersOf, netmaskOf } from './interfaces-file';
export { blocksOf, type Cidr, formatIpv4, labelOfBlock, parseCidr, parseIpv4, reservedFor } from './ipv4';
export {
  type CidrV6,
  eui64,
  formatCidrV6,
  formatIpv6,
  GUEST_PREFIX,
  hex128,
  isUniqueLocal,
  linkLocal,
  netmaskV6,
  overlapV6,
  parseCidrV6,
  parseIpv6,
  refusalV6,
} from './ipv6';
export type { GatewayDuties, NetworkJobs, NetworkPeers, ServedGuest } from './jobs';
export type { AddressClaim, AllocatedAddress, Network } from './state';
export { kindOf, LAST_VLAN, NETWORK_TYPES, type NetworkTraits, type NetworkType, traitsOf } from './types';

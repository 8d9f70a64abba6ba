export { addressInUse, addressRefusal, isKept, mayUseNetwork } from './addresses';
export * from './decider';
export type { NetworkCommand, NetworkEvent } from './messages';
export { type Cidr, formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';
export type { NetworkJobs, NetworkPeers } from './jobs';
export type { AddressClaim, AllocatedAddress, Network } from './state';
export { NETWORK_TYPES, type NetworkTraits, type NetworkType, traitsOf } from './types';

export { addressInUse, addressRefusal } from './addresses';
export * from './decider';
export { formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';
export type { NetworkJobs, NetworkPeers } from './jobs';
export type { AddressClaim, AllocatedAddress, Network } from './state';

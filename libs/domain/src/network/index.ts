export * from './decider';
export { formatIpv4, parseCidr, parseIpv4 } from './ipv4';
export type { AddressClaim, AllocatedAddress, Network } from './state';

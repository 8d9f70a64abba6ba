import { formatIpv4, isForOneProject, type NetworkSpec, parseCidr } from '@cairn/domain';

/** The address that the VPN server of a project will have (nova: `vpn_private_address`). */
export const vpnAddress = (cidr: string): string | null => {
  const base = parseCidr(cidr)?.base;
  return base === undefined ? null : formatIpv4(base + 2);
};

/**
 * Which addresses guests of a new network get, where nobody says: null for as many as there are. In a network for one
 * project they begin behind the address of its VPN server.
 */
export function newRange(spec: NetworkSpec): { readonly rangeStart: string | null; readonly rangeEnd: string | null } {
  const cidr = parseCidr(spec.cidr);
  return { rangeStart: cidr !== undefined && isForOneProject(spec) ? formatIpv4(cidr.base + 3) : null, rangeEnd: null };
}

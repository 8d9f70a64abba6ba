import { formatIpv4, isForOneProject, type NetworkSpec, parseCidr } from '@cairn/domain';

/** The address that the VPN server of a project will have (nova: `vpn_private_address`). */
export const vpnAddress = (cidr: string): string | null => {
  const base = parseCidr(cidr)?.base;
  return base === undefined ? null : formatIpv4(base + 2);
};

/**
 * Which addresses of a new network guests get that are not chosen: null for as many as there are. The third of a network
 * for one project is not among them.
 */
export function newRange(spec: NetworkSpec): { readonly rangeStart: string | null; readonly rangeEnd: string | null } {
  const cidr = parseCidr(spec.cidr);
  return { rangeStart: cidr !== undefined && isForOneProject(spec) ? formatIpv4(cidr.base + 3) : null, rangeEnd: null };
}

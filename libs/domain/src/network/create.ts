import type { Ipv6Block } from '../instance/spec';
import { DomainError } from '../kernel/errors';
import { formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';
import { formatCidrV6, formatIpv6, parseCidrV6, parseIpv6, refusalV6 } from './ipv6';
import type { NetworkCommand, NetworkEvent } from './messages';
import type { Network } from './state';

export function create(
  { data }: Extract<NetworkCommand, { type: 'CreateNetwork' }>,
  state: Network,
): readonly NetworkEvent[] {
  if (state.exists || state.abandoned === true)
    throw new DomainError('conflict', 'network.exists', `Network ${data.networkId} already exists.`);
  const cidr = parseCidr(data.cidr);
  if (cidr === undefined || cidr.prefix > 29)
    return invalid('cidr', `${data.cidr} is not an IPv4 network of at least /29.`);
  const reserved = reservedFor(cidr);
  if (reserved !== undefined) return invalid('cidr', `${data.cidr} is ${reserved}.`);
  const inside = (field: string, text: string): number => {
    const n = parseIpv4(text);
    if (n === undefined || n <= cidr.base || n >= cidr.broadcast)
      return invalid(field, `${text} is not in ${data.cidr}.`);
    return n;
  };
  const gateway = inside('gateway', data.gateway);
  const start = data.rangeStart === null ? cidr.base + 2 : inside('allowed_start', data.rangeStart);
  const end = data.rangeEnd === null ? cidr.broadcast - 1 : inside('allowed_end', data.rangeEnd);
  if (start > end || (gateway >= start && gateway <= end && start === end))
    invalid('allowed_start', 'No address is left.');
  const range = { rangeStart: formatIpv4(start), rangeEnd: formatIpv4(end) };
  const ipv6 = data.ipv6 === undefined ? {} : { ipv6: ipv6Of(data.ipv6) };
  if (data.ipv6 !== undefined && (data.dhcp === false || data.gatewayHosts !== undefined))
    invalid('cidr_v6', 'IPv6 needs DHCP and a gateway on each host.');
  if (data.ipv6 !== undefined && data.mtu < LEAST_MTU_V6)
    invalid('mtu', `IPv6 needs packets of ${String(LEAST_MTU_V6)} bytes.`);
  return [{ type: 'network.created.v1', data: { ...data, ...ipv6, ...range } }];
}

/** RFC 8200, section 5. */
const LEAST_MTU_V6 = 1_280;

/** The same, as addresses are written shortest. */
function ipv6Of({ cidr: text, gateway, dns }: Ipv6Block): Ipv6Block {
  const cidr = parseCidrV6(text);
  if (cidr === undefined) return invalid('cidr_v6', `${text} is not an IPv6 network.`);
  const refusal = refusalV6(cidr);
  if (refusal !== undefined) return invalid('cidr_v6', `${text} ${refusal}.`);
  const at = parseIpv6(gateway);
  // the first address is that of all routers (RFC 4291, section 2.6.1)
  if (at === undefined || at <= cidr.base || at > cidr.last)
    return invalid('gateway_v6', `${gateway} is not in ${text}.`);
  const servers = dns.map((server) => parseIpv6(server) ?? invalid('dns_v6', `${server} is not an IPv6 address.`));
  return { cidr: formatCidrV6(cidr), gateway: formatIpv6(at), dns: servers.map(formatIpv6) };
}

function invalid(field: string, rule: string): never {
  const message = `Invalid input for field/attribute ${field}. ${rule}`;
  throw new DomainError('invalid', 'network.invalid', message, { field });
}

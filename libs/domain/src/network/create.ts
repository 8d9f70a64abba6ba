import { DomainError } from '../kernel/errors';
import { formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';
import type { NetworkCommand, NetworkEvent } from './messages';
import type { Network } from './state';

export function create(
  { data }: Extract<NetworkCommand, { type: 'CreateNetwork' }>,
  state: Network,
): readonly NetworkEvent[] {
  if (state.exists || state.abandoned === true)
    throw new DomainError('conflict', 'network.exists', `Network ${data.networkId} already exists.`);
  const cidr = parseCidr(data.cidr);
  const invalid = (field: string, rule: string): never => {
    throw new DomainError('invalid', 'network.invalid', `Invalid input for field/attribute ${field}. ${rule}`, {
      field,
    });
  };
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
  return [{ type: 'network.created.v1', data: { ...data, rangeStart: formatIpv4(start), rangeEnd: formatIpv4(end) } }];
}

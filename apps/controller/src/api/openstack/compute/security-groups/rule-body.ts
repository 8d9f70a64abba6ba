import { own, type Remote } from '@cairn/domain';
import { isIP } from 'node:net';
import type { AskedRule } from '../../../../application/security-group/security-groups';
import { shown } from '../../../http';
import { badRequest } from '../shared/additional';

/** What a body says of a rule's traffic. Nova checks it by hand, in this order and these words (Newton, `_new_ingress_rule`). */
export type RuleFields = Readonly<Record<string, unknown>>;

/** The blocks of addresses that a body may name. */
interface Block {
  readonly cidr: string;
  readonly ethertype: 'IPv4' | 'IPv6';
}

const invalid = (text: string): Error => badRequest(text);

/** @param value of `cidr`; absent or empty: every IPv4 address. */
export function blockOf(value: unknown): Block {
  if (value === undefined || value === null || value === '') return { cidr: '0.0.0.0/0', ethertype: 'IPv4' };
  const refused = invalid(`Invalid cidr ${shown(value)}.`);
  if (typeof value !== 'string' || value.length > 64) throw refused;
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(value) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(length) > (version === 4 ? 32 : 128)) throw refused;
  if (Number(length) === 0 && address !== '0.0.0.0' && address !== '::')
    throw invalid(`Bad prefix for network in cidr ${value}`);
  return { cidr: `${address.toLowerCase()}/${String(Number(length))}`, ethertype: version === 4 ? 'IPv4' : 'IPv6' };
}

const PROTOCOLS = ['TCP', 'UDP', 'ICMP'];

/** An integer as Python's `int` reads it; undefined for anything else. */
function integer(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return typeof value === 'string' && /^\s*[+-]?\d{1,9}\s*$/.test(value) ? Number(value) : undefined;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Ports of a whole protocol, for members of a group alone. */
const WHOLE: Readonly<Record<string, readonly [number, number]>> = {
  ICMP: [-1, -1],
  TCP: [1, 65_535],
  UDP: [1, 65_535],
};

/** What a body lets in from a block of addresses. @throws HttpProblem 400 */
export function blockRule(fields: RuleFields): AskedRule {
  const { cidr, ethertype } = blockOf(fields['cidr']);
  return { ...trafficOf(fields, false), ethertype, remote: { cidr } };
}

/** What a body lets in from the members of a group. @throws HttpProblem 400 */
export const groupRule = (fields: RuleFields, groupId: string, projectId?: string): AskedRule => ({
  ...trafficOf(fields, true),
  ethertype: 'IPv4',
  remote: { groupId, ...(projectId === undefined ? {} : { projectId }) } satisfies Remote,
});

type Traffic = Pick<AskedRule, 'direction' | 'protocol' | 'from' | 'to'>;

function trafficOf(fields: RuleFields, ofGroup: boolean): Traffic {
  const { ip_protocol: protocol, from_port: from, to_port: to } = fields;
  const name = isGiven(protocol) && protocol !== '' ? protocol : undefined;
  const whole = ofGroup && typeof name === 'string' && !isGiven(from) && !isGiven(to) ? name.toUpperCase() : '';
  const [first, last] = own(WHOLE, whole) ?? [from, to];
  if (name === undefined || !isGiven(first) || !isGiven(last)) {
    if (!ofGroup) throw invalid('Not enough parameters to build a valid rule.');
    return { direction: 'ingress', protocol: null, from: null, to: null };
  }
  return { direction: 'ingress', ...bounded(name, integer(first), integer(last)) };
}

function bounded(
  protocol: unknown,
  from: number | undefined,
  to: number | undefined,
): Pick<Traffic, 'protocol' | 'from' | 'to'> {
  const upper = typeof protocol === 'string' ? protocol.toUpperCase() : '';
  if (from === undefined || to === undefined)
    throw invalid(
      upper === 'ICMP'
        ? 'Invalid input received: Type and Code must be integers for ICMP protocol type'
        : 'Invalid input received: To and From ports must be integers',
    );
  if (typeof protocol !== 'string' || !PROTOCOLS.includes(upper))
    throw invalid(`Invalid IP protocol ${shown(protocol)}.`);
  const refuse = (why: string): Error => invalid(`Invalid port range ${String(from)}:${String(to)}. ${why}`);
  if (upper === 'ICMP') {
    if (from < -1 || from > 255 || to < -1 || to > 255) throw refuse('For ICMP, the type:code must be valid');
    return { protocol, from, to };
  }
  if (from > to) throw refuse('Former value cannot be greater than the later');
  if (from < 1 || to > 65_535) throw refuse(`Valid ${upper} ports should be between 1-65535`);
  return { protocol, from, to };
}

import { BlockList, isIP } from 'node:net';
import type { PlacementRequest } from '@cairn/domain';
import type { HostView } from '../host-view';
import { type Filter, listed } from './filter';

/** Whether one of these servers is on the host. Another project's servers count as if they were not there. */
const hasOneOf = ({ claims }: HostView, ids: readonly string[], { projectId }: PlacementRequest): boolean => {
  const wanted = new Set(ids);
  return [...claims.values()].some((claim) => claim.projectId === projectId && wanted.has(claim.owner.id));
};

export const sameHost: Filter = {
  name: 'SameHostFilter',
  passes: (host, request) => request.hints?.sameHost === undefined || hasOneOf(host, request.hints.sameHost, request),
  reason: 'No host that would do has the servers that it is to be with.',
  why: (_host, { hints }) => `has none of ${listed(hints?.sameHost ?? [])}`,
};

export const differentHost: Filter = {
  name: 'DifferentHostFilter',
  passes: (host, request) =>
    request.hints?.differentHost === undefined || !hasOneOf(host, request.hints.differentHost, request),
  reason: 'Every host that would do has servers that it is not to be with.',
  why: (_host, { hints }) => `has one of ${listed(hints?.differentHost ?? [])}`,
};

export const simpleCidrAffinity: Filter = {
  name: 'SimpleCIDRAffinityFilter',
  passes: ({ inventory }, { hints }) => hints?.nearHost === undefined || isInNetwork(inventory.hostIp, hints.nearHost),
  reason: 'No host that would do has an address in the network that was asked for.',
  why: ({ inventory }, { hints }) => `has the address ${inventory.hostIp}, asked for ${String(hints?.nearHost)}`,
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** @param network such as `192.0.2.7/24`; the bits behind the prefix do not matter. */
function isInNetwork(address: string, network: string): boolean {
  const [base = '', prefix = ''] = network.split('/');
  if (isIP(address) === 0 || isIP(base) !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(prefix), familyOf(base));
  return list.check(address, familyOf(address));
}

import { addressesOf, type FloatingIp, type Instance } from '@cairn/domain';

import type { Auditor } from './auditor';
import { gatewayOf } from './gateways';
import type { Rule } from './rule';

interface Carrying {
  readonly name: string;
  readonly hostId: string;
  readonly host: {
    readonly floating: ReadonlyMap<
      string,
      { readonly id: string; readonly address: string; readonly instanceId: string; readonly fixedAddress: string }
    >;
  };
}

/** An address that a pool gives out is nobody's: no floating IP has it, and no host answers for it any more. */
export function givenOutWhenNobodyHasIt(machines: () => readonly Carrying[]): Rule {
  const owners = new Map<string, string>();
  return ({ event: { type, data }, ref }) => {
    if (ref.category !== 'floatingpool') return undefined;
    const address = String(data['address']);
    if (type === 'floating-pool.address-released.v1') owners.delete(address);
    if (type !== 'floating-pool.address-reserved.v1') return undefined;
    const { id } = data['owner'] as { readonly id: string };
    const owner = owners.get(address);
    owners.set(address, id);
    if (owner !== undefined) return `${address} is given to ${id} while ${owner} has it`;
    const still = machines().find(({ host }) => [...host.floating.values()].some((one) => one.address === address));
    return still && `${address} is given to ${id} while ${still.name} still answers for it`;
  };
}

const led = (address: string, instanceId: string, fixedAddress: string): string =>
  `${address} to ${instanceId} at ${fixedAddress}`;

/** Where an address leads, if its server has the port; the server knows of it. */
function targetOf(
  id: string,
  { record, association }: FloatingIp,
  live: ReadonlyMap<string, Instance>,
  auditor: Auditor,
) {
  const server = live.get(association?.holder.id ?? '');
  if (record === undefined || association === undefined || server === undefined) return undefined;
  const port = addressesOf(server).find(({ claimId }) => claimId === association.portId);
  const knows = server.floating?.some((one) => one.floatingIpId === id) === true;
  if (port === undefined || !knows) return undefined;
  const isOne = port.network.gatewayHosts === 'one';
  const hostId = isOne ? gatewayOf(port.network.networkId, auditor) : server.host?.hostId;
  return { hostId, way: led(record.address, association.holder.id, association.fixedAddress) };
}

/**
 * Once nothing is under way: an address leads to the port of a server that is there, on that server's host, or the one gateway
 * of its network, and on no other; a server knows exactly the addresses that lead to it; pools and quotas count those that somebody has.
 */
export function checkFloating(auditor: Auditor, machines: readonly Carrying[]): void {
  const complain = (violation: string): void => {
    auditor.claim(`at the end: ${violation}`);
  };
  const servers = auditor.all('instance').filter(([, one]) => one.request !== undefined && one.vmState !== 'deleted');
  const live = new Map(servers);
  const floating = auditor.all('floatingip').filter(([, { life }]) => life === 'live');
  const leading = floating.filter(([, { association }]) => association !== undefined);
  const targets = leading.map(([id, one]) => targetOf(id, one, live, auditor));
  leading.forEach(([id], i) => {
    if (targets[i] === undefined) complain(`the floating IP ${id} leads to a port that is not there`);
  });
  const known = servers.flatMap(([, one]) => (one.floating ?? []).map(({ floatingIpId }) => floatingIpId)).sort();
  if (
    known.join() !==
    leading
      .map(([id]) => id)
      .sort()
      .join()
  )
    complain(`servers know the floating IPs ${known.join(' ')}, and others lead to them`);
  for (const { name, hostId, host } of machines) {
    const found = [...host.floating.values()].map((one) => led(one.address, one.instanceId, one.fixedAddress)).sort();
    const wanted = targets.flatMap((one) => (one?.hostId === hostId ? [one.way] : [])).sort();
    if (found.join() !== wanted.join()) complain(`${name} leads ${found.join(', ')}; it should ${wanted.join(', ')}`);
  }
  checkCounts(auditor, floating, complain);
}

function checkCounts(
  auditor: Auditor,
  floating: readonly (readonly [string, FloatingIp])[],
  complain: (violation: string) => void,
): void {
  const had = floating.map(([id, { record }]) => `${id} ${record?.address ?? ''}`).sort();
  const held = auditor
    .all('floatingpool')
    .flatMap(([, pool]) => [...pool.held.values()].map(({ owner, address }) => `${owner.id} ${address}`))
    .sort();
  if (held.join() !== had.join()) complain(`pools hold ${held.join(', ')}; projects have ${had.join(', ')}`);
  for (const [projectId, { usage }] of auditor.all('quota')) {
    const counted = floating.filter(([, { record }]) => record?.autoAssigned !== true);
    const count = counted.filter(([, { record }]) => record?.projectId === projectId).length;
    if ((usage['floating_ips'] ?? 0) !== count)
      complain(`usage of ${projectId} counts ${String(usage['floating_ips'])} floating IPs of ${String(count)}`);
  }
}

import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import { DomainError } from '../kernel/errors';
import { newCopy, outdated } from '../kernel/host-copies';
import type { GatewayDuties } from './jobs';
import type { NetworkEvent } from './messages';
import type { FloatingRef, Network, NetworkHost } from './state';

// A network with one gateway: one of its hosts leads all its guests out, serves them DHCP, and carries their floating IPs.

const hasOneGateway = ({ spec }: Pick<Network, 'spec'>): boolean => spec.gatewayHosts === 'one';

/**
 * An operator moves the gateway, or takes it from its host (null): the next guest's host gets it then.
 * @throws DomainError `network.no-one-gateway` for a network whose hosts are each their own gateway, or that has none.
 */
export function moveGateway(hostId: string | null, state: Network): readonly NetworkEvent[] {
  if (!hasOneGateway(state)) {
    const message = `Network ${state.spec.label} has no gateway that is one host's.`;
    throw new DomainError('invalid', 'network.no-one-gateway', message);
  }
  return hostId === state.gateway ? [] : [{ type: 'network.gateway-moved.v1', data: { hostId } }];
}

/** The host of the first guest becomes the gateway, as the first network node that sees a network does in nova. */
export const firstGateway = (state: Network, [hostId]: readonly string[]): readonly NetworkEvent[] =>
  hasOneGateway(state) && state.gateway === null && hostId !== undefined
    ? [{ type: 'network.gateway-moved.v1', data: { hostId } }]
    : [];

/** Folds which host is the gateway: both it and the one before have to know. */
export function withGateway(state: Network, hostId: string | null): Network {
  if (hostId === state.gateway) return state;
  const version = state.version + 1;
  const before = state.gateway === null ? [] : [state.gateway];
  const after = hostId === null ? [] : [hostId];
  let { hosts } = state;
  for (const id of after)
    if (!hosts.has(id)) hosts = hosts.set(id, { ...newCopy(id, version - 1), claims: 0, address: null });
  return {
    ...state,
    gateway: hostId,
    gatewayVersion: version,
    version,
    hosts: outdated(hosts, [...before, ...after], version),
  };
}

/** Whether a host is the gateway, or has not heard of the last move yet and may go on as the gateway that it was before. */
export const mayServe = (
  { hostId, wanted, applied }: NetworkHost,
  { gateway, gatewayVersion }: Pick<Network, 'gateway' | 'gatewayVersion'>,
): boolean => hostId === gateway || (wanted > applied && applied < gatewayVersion);

/** Folds that guests have come or gone of whom the gateway has to know. */
export function withGuestsChanged(state: Network): Network {
  const { gateway, version } = state;
  if (gateway === null) return state;
  return { ...state, version: version + 1, hosts: outdated(state.hosts, [gateway], version + 1) };
}

/** What the gateway of the network has to do for its guests on all hosts; undefined for every other host. */
export function dutiesOf(
  { spec, gateway, claims, places, deleted }: Network,
  hostId: string,
): GatewayDuties | undefined {
  if (gateway !== hostId || deleted) return undefined;
  const guests = [...places.entries()].flatMap(([claimId, { hostname = '' }]) => {
    const claim = claims.get(claimId);
    if (claim === undefined) return [];
    const { address, mac, owner } = claim;
    return [{ instanceId: owner.id, hostname, address, mac }];
  });
  return { network: spec, guests };
}

/** Folds which floating IPs lead to the guest of a claim; what those know that led there before stays known. */
export function withLed(state: Network, claimId: string, floating: readonly FloatingRef[]): Network {
  let { led } = state;
  for (const [id, one] of state.led.entries()) if (one.claimId === claimId) led = led.delete(id);
  for (const { associationId, floatingIpId } of floating) {
    const told = state.led.get(associationId)?.told ?? 0;
    led = led.set(associationId, { claimId, associationId, floatingIpId, told });
  }
  return { ...state, led };
}

/** Folds that a floating IP knows the gateway of a version. */
export function withLedTold(state: Network, associationId: string, version: number): Network {
  const one = state.led.get(associationId);
  return one === undefined ? state : { ...state, led: state.led.set(associationId, { ...one, told: version }) };
}

/**
 * Tells each floating IP of a guest which host is the gateway, whenever that has changed. One that does not lead to the
 * guest any more refuses, which is as good.
 */
export const dueFloating = ({
  gateway: hostId,
  gatewayVersion: version,
  led,
  spec,
}: Network): readonly CommandEffect[] =>
  [...led.values()]
    .filter(({ told }) => told < version)
    .map(({ associationId, floatingIpId }) => {
      const placed = () => ({ type: 'RecordFloatingPlaced', data: { associationId, version } }) as const;
      return {
        kind: 'command',
        id: deriveId(spec.networkId, 'place', associationId, version),
        target: { category: 'floatingip', id: floatingIpId },
        command: { type: 'PlaceFloatingIp', data: { associationId, version, hostId } },
        onDone: placed,
        onRefused: placed,
      };
    });

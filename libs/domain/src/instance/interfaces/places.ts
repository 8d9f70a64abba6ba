import { deriveId } from '../../ids';
import type { CommandEffect } from '../../kernel/effect';
import type { FloatingRef } from '../../network/state';
import type { Decisions, Folds } from '../section';
import type { NetworkSpec } from '../spec';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import { addressesOf } from './interfaces';

/** What a network that spans hosts, or whose gateway is one host, knows of an interface: which hosts its guest may be on. */
export interface PlacesTold {
  readonly claimId: string;
  readonly version: number;
  readonly hosts: readonly string[];
  /** What one gateway has to know besides. Absent: the network has no such gateway. */
  readonly hostname?: string;
  readonly floating?: readonly FloatingRef[];
}

export interface PlacesCommands {
  readonly RecordPlaces: PlacesTold;
}

export interface PlacesEvents {
  /** The stream of a network that spans hosts, or whose gateway is one host, knows where the guest is. */
  readonly 'instance.places-told.v1': PlacesTold;
}

/** An older answer than one that is known says nothing. */
export const placesDecisions: Decisions<PlacesCommands> = {
  RecordPlaces: (data, state) =>
    data.version <= toldOf(state, data.claimId).version ? [] : [{ type: 'instance.places-told.v1', data }],
};

export const placesFolds: Folds<PlacesEvents> = {
  'instance.places-told.v1': (state, told) => ({
    ...state,
    placesTold: [...(state.placesTold ?? []).filter(({ claimId }) => claimId !== told.claimId), told],
  }),
};

const toldOf = ({ placesTold = [] }: Instance, claimId: string): PlacesTold =>
  placesTold.find((told) => told.claimId === claimId) ?? { claimId, version: 0, hosts: [] };

/** Where the guest runs or may run. */
export function hostsOf({ host, former, placement }: Instance): readonly string[] {
  const target = placement?.target;
  const places = [host, former?.host, target?.claimed === true ? target : undefined];
  return [...new Set(places.flatMap((place) => (place === undefined ? [] : [place.hostId])))];
}

/** Whether the network's stream has to know where its guests are. */
const isFollowed = ({ segment, gatewayHosts }: NetworkSpec): boolean =>
  segment?.type === 'vxlan' || gatewayHosts === 'one';

/**
 * Tells networks that span hosts where the guest is, and one gateway what leads to it. A server that is being deleted tells
 * nothing: its networks forget the place with the address.
 */
export function duePlaces(state: Instance): readonly CommandEffect[] {
  const hosts = hostsOf(state);
  const { instanceId } = requestOf(state);
  return addressesOf(state)
    .filter(({ network }) => isFollowed(network))
    .map(({ claimId, network }) => {
      const told = toldOf(state, claimId);
      const wanted = { claimId, version: told.version + 1, hosts, ...forGateway(state, claimId, network) };
      return { told, wanted, networkId: network.networkId };
    })
    .filter(({ told }) => told.version > 0 || hosts.length > 0)
    .filter(({ told, wanted }) => contentsOf(told) !== contentsOf(wanted))
    .map(({ wanted, networkId }) => tell(instanceId, networkId, wanted));
}

function forGateway(
  { request, floating = [] }: Instance,
  claimId: string,
  { gatewayHosts }: NetworkSpec,
): Pick<PlacesTold, 'hostname' | 'floating'> {
  if (gatewayHosts !== 'one') return {};
  const led = floating.filter((one) => one.claimId === claimId);
  return {
    hostname: request?.hostname ?? '',
    floating: led.map(({ floatingIpId, associationId }) => ({ floatingIpId, associationId })),
  };
}

const contentsOf = ({ hosts, hostname, floating }: PlacesTold): string =>
  [
    hosts.join(),
    ...(hostname === undefined ? [] : [hostname]),
    ...(floating ?? []).map((one) => one.associationId),
  ].join('/');

function tell(instanceId: string, networkId: string, wanted: PlacesTold): CommandEffect {
  const { claimId, version } = wanted;
  const record = (data: PlacesTold): { type: 'RecordPlaces'; data: PlacesTold } => ({ type: 'RecordPlaces', data });
  return {
    kind: 'command',
    // also by what it tells: that may change before an answer has come
    id: deriveId(instanceId, 'places', claimId, version, contentsOf(wanted)),
    target: { category: 'network', id: networkId },
    command: { type: 'SetPlaces', data: wanted },
    onDone: (answer) => record({ ...wanted, ...(answer as Omit<PlacesTold, 'claimId'> | undefined) }),
    onRefused: () => record(wanted),
  };
}

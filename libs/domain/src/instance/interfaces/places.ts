import { deriveId } from '../../ids';
import type { CommandEffect } from '../../kernel/effect';
import type { Decisions, Folds } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import { addressesOf } from './interfaces';

/** What a network that spans hosts knows of an interface: which hosts its guest may be on. */
export interface PlacesTold {
  readonly claimId: string;
  readonly version: number;
  readonly hosts: readonly string[];
}

export interface PlacesCommands {
  readonly RecordPlaces: PlacesTold;
}

export interface PlacesEvents {
  /** The stream of a network that spans hosts knows where the guest is. */
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

/**
 * Tells networks that span hosts where the guest is. A server that is being deleted tells nothing: its networks forget the
 * place with the address.
 */
export function duePlaces(state: Instance): readonly CommandEffect[] {
  const hosts = hostsOf(state);
  return addressesOf(state)
    .filter(({ network }) => network.segment !== undefined)
    .map(({ claimId, network }) => ({ told: toldOf(state, claimId), networkId: network.networkId }))
    .filter(({ told }) => told.hosts.join() !== hosts.join())
    .map(({ told, networkId }) => tell(requestOf(state).instanceId, networkId, { ...told, hosts }));
}

function tell(instanceId: string, networkId: string, { claimId, version: last, hosts }: PlacesTold): CommandEffect {
  const version = last + 1;
  const record = (data: PlacesTold): { type: 'RecordPlaces'; data: PlacesTold } => ({ type: 'RecordPlaces', data });
  return {
    kind: 'command',
    // also by what it tells: that may change before an answer has come
    id: deriveId(instanceId, 'places', claimId, version, hosts.join()),
    target: { category: 'network', id: networkId },
    command: { type: 'SetPlaces', data: { claimId, version, hosts } },
    onDone: (answer) =>
      record({ claimId, ...((answer as Omit<PlacesTold, 'claimId'> | undefined) ?? { version, hosts }) }),
    onRefused: () => record({ claimId, version, hosts }),
  };
}

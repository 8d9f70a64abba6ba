import { deriveId } from '../../ids';
import { DomainError } from '../../kernel/errors';
import type { CommandEffect } from '../../kernel/effect';
import type { Placed } from '../../floating-ip';
import type { Decisions, Folds } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import { type AssignedCommands, assignedDecisions, type AssignedEvents, assignedFolds } from './assigned-floating';
import { addressesOf } from './interfaces';

/** A floating IP that leads to an interface of the instance. */
export interface FloatingBinding {
  readonly floatingIpId: string;
  readonly associationId: string;
  readonly address: string;
  /** Of the interface. */
  readonly claimId: string;
  /** How often the floating IP was told which host the instance is on. */
  readonly told: number;
  /** The host that it was told last; null for none. Absent: nothing yet. */
  readonly hostId?: string | null;
}

interface Bound {
  readonly floatingIpId: string;
  readonly associationId: string;
}

export interface FloatingCommands extends AssignedCommands {
  /** @property portId of the interface; refused for one that the instance does not have. */
  readonly BindFloatingIp: Bound & { readonly address: string; readonly portId: string };
  readonly UnbindFloatingIp: Bound;
  readonly RecordFloatingIpPlaced: Bound & Placed;
}

export interface FloatingEvents extends AssignedEvents {
  readonly 'instance.floating-ip-bound.v1': Bound & { readonly address: string; readonly claimId: string };
  readonly 'instance.floating-ip-unbound.v1': Bound;
  /** The floating IP knows which host the instance is on. */
  readonly 'instance.floating-ip-placed.v1': Bound & { readonly hostId: string | null };
}

const bindingOf = ({ floating = [] }: Instance, { floatingIpId, associationId }: Bound): FloatingBinding | undefined =>
  floating.find((one) => one.floatingIpId === floatingIpId && one.associationId === associationId);

export const floatingDecisions: Decisions<FloatingCommands> = {
  ...assignedDecisions,

  BindFloatingIp({ portId, ...bound }, state) {
    if (bindingOf(state, bound) !== undefined) return [];
    const { interfaces, deletion } = state;
    const has = interfaces.some(({ id, held, stage }) => id === portId && held !== undefined && stage !== 'detaching');
    if (!has || deletion !== undefined)
      throw new DomainError('not-found', 'instance.no-such-port', 'The server has no such port.');
    return [{ type: 'instance.floating-ip-bound.v1', data: { ...bound, claimId: portId } }];
  },

  UnbindFloatingIp: ({ floatingIpId, associationId }, state) =>
    bindingOf(state, { floatingIpId, associationId }) === undefined
      ? []
      : [{ type: 'instance.floating-ip-unbound.v1', data: { floatingIpId, associationId } }],

  /** An older answer than one that is known says nothing. */
  RecordFloatingIpPlaced: ({ version, ...data }, state) =>
    version <= (bindingOf(state, data)?.told ?? version) ? [] : [{ type: 'instance.floating-ip-placed.v1', data }],
};

export const floatingFolds: Folds<FloatingEvents> = {
  ...assignedFolds,

  /** A later association takes the place of an earlier one of the same floating IP. */
  'instance.floating-ip-bound.v1': (state, data) => ({
    ...state,
    floating: [...without(state, data.floatingIpId), { ...data, told: 0 }],
  }),

  'instance.floating-ip-unbound.v1': (state, data) =>
    bindingOf(state, data) === undefined ? state : { ...state, floating: without(state, data.floatingIpId) },

  'instance.floating-ip-placed.v1': (state, data) => ({
    ...state,
    floating: (state.floating ?? []).map((one) =>
      one === bindingOf(state, data) ? { ...one, told: one.told + 1, hostId: data.hostId } : one,
    ),
  }),
};

const without = ({ floating = [] }: Instance, floatingIpId: string): readonly FloatingBinding[] =>
  floating.filter((one) => one.floatingIpId !== floatingIpId);

/**
 * Tells each floating IP which host the instance is on, whenever that has changed. One that does not lead here any more
 * refuses, and is forgotten. Where one host is the gateway of all, its network tells them instead.
 */
export function dueFloating(state: Instance): readonly CommandEffect[] {
  const hostId = state.host?.hostId ?? null;
  const elsewhere = new Set(
    addressesOf(state).flatMap(({ claimId, network }) => (network.gatewayHosts === 'one' ? [claimId] : [])),
  );
  return (state.floating ?? [])
    .filter((one) => one.hostId !== hostId && !elsewhere.has(one.claimId))
    .map(({ floatingIpId, associationId, told }) => {
      const bound: Bound = { floatingIpId, associationId };
      const version = told + 1;
      return {
        kind: 'command',
        id: deriveId(requestOf(state).instanceId, 'place', associationId, version),
        target: { category: 'floatingip', id: floatingIpId },
        command: { type: 'PlaceFloatingIp', data: { associationId, version, hostId } },
        // the host may change before an answer has come: what counts is which one the floating IP was told first
        onDone: (answer) => ({
          type: 'RecordFloatingIpPlaced',
          data: { ...bound, version, hostId, ...(answer as Placed | undefined) },
        }),
        onRefused: () => ({ type: 'UnbindFloatingIp', data: bound }),
      };
    });
}

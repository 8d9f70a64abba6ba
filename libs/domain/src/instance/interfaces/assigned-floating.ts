import { deriveId } from '../../ids';
import type { Message } from '../../kernel/aggregate';
import type { CommandEffect, Refusal } from '../../kernel/effect';
import type { FloatingGrant } from '../../floating-pool/events';
import { floatingIpRef } from '../../floating-ip/state';
import { instanceRef } from '../quota';
import type { Decisions, Folds } from '../section';
import { requestOf } from '../spec-of';
import { type Instance, isLaunching } from '../state';
import { addressesOf } from './interfaces';

/** A floating IP that a server gets at its launch and that goes with it (nova: `auto_assign_floating_ip`). */
export interface FloatingWish {
  readonly floatingIpId: string;
  /** The integer by which OpenStack's compute API names it. */
  readonly number: number;
  readonly poolId: string;
  readonly poolName: string;
}

/** How far the launch is with it. */
export interface AssignedFloating {
  readonly address: string;
  readonly interface: string | null;
  /** The floating IP is there, and leads to the server. Absent: not yet. */
  readonly given?: true;
}

interface Reserved {
  readonly floatingIpId: string;
  readonly address: string;
  readonly interface: string | null;
}

interface Assigned {
  readonly floatingIpId: string;
}

export interface AssignedCommands {
  readonly RecordFloatingAddressReserved: Reserved;
  readonly RecordFloatingIpAssigned: Assigned;
}

export interface AssignedEvents {
  readonly 'instance.floating-address-reserved.v1': Reserved;
  readonly 'instance.floating-ip-assigned.v1': Assigned;
}

export const assignedDecisions: Decisions<AssignedCommands> = {
  /** A pool settles by itself what it holds for a launch that is over. */
  RecordFloatingAddressReserved: (data, state) =>
    isLaunching(state) && state.assigned === undefined ? [{ type: 'instance.floating-address-reserved.v1', data }] : [],

  RecordFloatingIpAssigned: (data, state) =>
    isLaunching(state) && state.assigned !== undefined && state.assigned.given === undefined
      ? [{ type: 'instance.floating-ip-assigned.v1', data }]
      : [],
};

export const assignedFolds: Folds<AssignedEvents> = {
  'instance.floating-address-reserved.v1': (state, { floatingIpId: _id, ...assigned }) => ({ ...state, assigned }),

  'instance.floating-ip-assigned.v1': (state) =>
    state.assigned === undefined ? state : { ...state, assigned: { ...state.assigned, given: true } },
};

/** Holds an address for the server, then makes the floating IP, once the server has the address that it leads to. */
export function dueAssigned(state: Instance, onRefused: (refusal: Refusal) => Message): readonly CommandEffect[] {
  const { autoFloatingIp: wish, instanceId, projectId } = requestOf(state);
  if (wish === undefined || state.assigned?.given === true) return [];
  const { floatingIpId } = wish;
  const target = floatingIpRef(floatingIpId);
  if (state.assigned === undefined) {
    return [
      {
        kind: 'command',
        id: deriveId(floatingIpId, 'reserve'),
        target: { category: 'floatingpool', id: wish.poolId },
        command: { type: 'ReserveFloatingAddress', data: { owner: target, address: null } },
        onDone: (answer) => reserved(floatingIpId, answer as FloatingGrant | undefined, onRefused),
        onRefused,
      },
    ];
  }
  const port = addressesOf(state).find(({ claimId }) => claimId === state.interfaces[0]?.id);
  if (port === undefined) return []; // nova: it leads to the first address of the server
  const { address, interface: leadsOut } = state.assigned;
  const record = { ...wish, projectId, address, interface: leadsOut };
  const { claimId: portId, network, address: fixedAddress } = port;
  const leads = { holder: instanceRef(instanceId), portId, networkId: network.networkId, fixedAddress };
  return [
    {
      kind: 'command',
      id: deriveId(floatingIpId, 'assign'),
      target,
      command: { type: 'AssignFloatingIp', data: { record, target: leads } },
      onDone: () => ({ type: 'RecordFloatingIpAssigned', data: { floatingIpId } }),
      onRefused,
    },
  ];
}

/** What a pool has held for longer than a request takes, it has given to somebody else. */
function reserved(
  floatingIpId: string,
  grant: FloatingGrant | undefined,
  onRefused: (refusal: Refusal) => Message,
): Message {
  if (grant === undefined)
    return onRefused({ code: 'floating-ip.undone', message: 'The floating IP came too late.', permanent: true });
  const { address, interface: leadsOut } = grant;
  return { type: 'RecordFloatingAddressReserved', data: { floatingIpId, address, interface: leadsOut } };
}

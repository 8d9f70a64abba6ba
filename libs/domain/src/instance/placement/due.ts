import { deriveId } from '../../ids';
import type { Message } from '../../kernel/aggregate';
import type { CommandEffect, Effect, Refusal } from '../../kernel/effect';
import { instanceRef } from '../quota';
import { diskGb, requestOf } from '../spec-of';
import { soughtBy } from '../move/course';
import { type Instance, isLaunching } from '../state';
import { type PlacedOn, type Placement, searchId } from './placement';
import { placementRequest } from './request';

/** The choice of a host, then the claim on it; nothing once the host has granted the claim. */
export function duePlacement(state: Instance, placement: Placement): readonly Effect[] {
  const { target } = placement;
  if (target === undefined) return [place(state, placement)];
  return target.claimed ? [] : [claimHost(state, placement, target)];
}

function place(state: Instance, placement: Placement): Effect {
  const { attempt, lastReason, notAfter } = placement;
  const { operation } = state;
  const last = lastReason === null ? '' : ` The last attempt failed: ${lastReason}`;
  const fail = ({ code, message, selection }: Refusal): Message => {
    const reason = { code, message: message + last };
    if (operation !== undefined)
      return { type: 'RecordOperationFailed', data: { operationId: operation.operationId, ...reason } };
    return { type: 'FailLaunch', data: { ...reason, ...(selection === undefined ? {} : { selection }) } };
  };
  const name = operation?.name ?? 'launch';
  return {
    kind: 'place',
    id: deriveId(searchId(state), 'place', attempt + 1),
    request: placementRequest(state, placement),
    onDone: (choice) => ({ type: 'RecordHostChosen', data: { ...choice, attempt: attempt + 1 } }),
    onRefused: fail,
    // no choice while a failed attempt is cleared away; its host may be dead, but the launch must still end in time
    ...(mustWait(state, attempt) ? { notBefore: notAfter } : {}),
    dueBy: notAfter,
    onExpired: fail({
      code: `instance.${name}-timeout`,
      message: `No valid host was found. The ${name} did not end in time.`,
      permanent: true,
    }),
  };
}

/** A launch waits for all of a failed attempt; a server that comes back may go to the very host that clears it away. */
const mustWait = (state: Instance, attempt: number): boolean =>
  isLaunching(state)
    ? state.debts.length > 0
    : state.host === undefined && attempt === 0 && state.debts.some(({ kind }) => kind === 'domain');

function claimHost(state: Instance, placement: Placement, { hostId, claimId, limits }: PlacedOn): CommandEffect {
  const { instanceId, projectId, notAfter, forcedHost } = requestOf(state);
  const { flavor } = soughtBy(state);
  const moves = state.operation !== undefined;
  return {
    kind: 'command',
    id: deriveId(claimId, 'claim'),
    target: { category: 'host', id: hostId },
    command: {
      type: 'ClaimCapacity',
      data: {
        claimId,
        owner: instanceRef(instanceId),
        projectId,
        amounts: { vcpus: flavor.vcpus, ramMb: flavor.ramMb, diskGb: diskGb(flavor) },
        notAfter: moves ? placement.notAfter : notAfter,
        forced: !moves && forcedHost !== null,
        ...(limits === undefined ? {} : { limits }),
      },
    },
    onDone: () => ({ type: 'RecordHostClaimed', data: { claimId } }),
    onRefused: ({ code, message }) => ({ type: 'RecordHostRefused', data: { claimId, code, message } }),
  };
}

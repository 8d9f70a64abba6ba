import { deriveId } from '../../ids';
import type { Message } from '../../kernel/aggregate';
import type { CommandEffect, Effect, Refusal } from '../../kernel/effect';
import { instanceRef } from '../quota';
import { diskGb, requestOf } from '../spec-of';
import type { Instance } from '../state';
import type { PlacedOn, Placement } from './placement';
import { placementRequest } from './request';

/** The choice of a host, then the claim on it; nothing once the host has granted the claim. */
export function duePlacement(state: Instance, placement: Placement): readonly Effect[] {
  const { target } = placement;
  if (target === undefined) return [place(state, placement)];
  return target.claimed ? [] : [claimHost(state, target)];
}

const TIMEOUT = 'No valid host was found. The launch did not end in time.';

function place(state: Instance, placement: Placement): Effect {
  const { attempt, lastReason, notAfter } = placement;
  const last = lastReason === null ? '' : ` The last attempt failed: ${lastReason}`;
  const fail = ({ code, message, selection }: Refusal): Message => ({
    type: 'FailLaunch',
    data: { code, message: message + last, ...(selection === undefined ? {} : { selection }) },
  });
  return {
    kind: 'place',
    id: deriveId(requestOf(state).instanceId, 'place', attempt + 1),
    request: placementRequest(state, placement),
    onDone: (choice) => ({ type: 'RecordHostChosen', data: { ...choice, attempt: attempt + 1 } }),
    onRefused: fail,
    // no choice while a failed attempt is cleared away; its host may be dead, but the launch must still end in time
    ...(state.debts.length > 0 ? { notBefore: notAfter } : {}),
    dueBy: notAfter,
    onExpired: fail({ code: 'instance.launch-timeout', message: TIMEOUT, permanent: true }),
  };
}

function claimHost(state: Instance, { hostId, claimId, limits }: PlacedOn): CommandEffect {
  const { instanceId, projectId, flavor, notAfter, forcedHost } = requestOf(state);
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
        notAfter,
        forced: forcedHost !== null,
        ...(limits === undefined ? {} : { limits }),
      },
    },
    onDone: () => ({ type: 'RecordHostClaimed', data: { claimId } }),
    onRefused: ({ code, message }) => ({ type: 'RecordHostRefused', data: { claimId, code, message } }),
  };
}

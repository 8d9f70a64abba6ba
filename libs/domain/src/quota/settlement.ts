import { deriveId } from '../ids';
import { type Message, streamName, type StreamRef } from '../kernel/aggregate';
import type { CommandEffect, Effect } from '../kernel/effect';
import { ownerPart } from '../kernel/owner';
import { settleReservation, type UndoCreation } from '../kernel/reservations';
import type { QuotaEvent } from './messages';
import type { Pending, Quota } from './state';

/** The reason for deleting something that nobody asked to delete; its tenant may read it. */
const UNDONE = {
  code: 'instance.request-cut-off',
  message: 'The request ended before all of its servers were launched, and was not answered: it is undone as a whole.',
};

/**
 * Settles reservations whose owners may not exist. A request's owners exist all or none: if one is missing, the request
 * was never answered, since the answer waits for every creation. The quota then undoes the others, because the log does
 * not say how to create the missing one.
 */
export function due(state: Quota): readonly Effect[] {
  return [...state.unconfirmed.values()].flatMap((pending): Effect[] => {
    const { owner } = pending;
    switch (pending.found) {
      case 'nothing':
        return [
          settleReservation(pending, [ownerPart(owner), 'settle-quota'], {
            abandoned: { type: 'RecordOwnerMissing', data: { owner } },
            exists: { type: 'RecordOwnerFound', data: { owner } },
          }),
        ];
      case 'exists':
        return []; // the search for the others decides
      case 'undoing':
        return [undo(pending)];
    }
  });
}

function undo({ owner, settleAfter }: Pending): CommandEffect {
  const release = (): Message => ({ type: 'ReleaseQuota', data: { owner } });
  const command: UndoCreation = { type: 'UndoCreation', data: { id: owner.id, ...UNDONE } };
  return {
    kind: 'command',
    id: deriveId(ownerPart(owner), 'undo-launch', settleAfter),
    target: owner,
    command,
    onDone: release,
    onRefused: release, // never happens; either way the owner no longer counts
  };
}

/** Unconfirmed reservations of the group. */
const members = (state: Quota, group: string): readonly Pending[] =>
  [...state.unconfirmed.values()].filter((pending) => pending.group === group);

/** Unconfirmed reservations of the owner's group, without the owner's own. */
function others(owner: StreamRef, state: Quota): readonly Pending[] {
  const group = state.unconfirmed.get(streamName(owner))?.group;
  return group === undefined ? [] : members(state, group).filter((one) => streamName(one.owner) !== streamName(owner));
}

const ownersOf = (pending: readonly Pending[]): readonly StreamRef[] => pending.map(({ owner }) => owner);

/** The last owner that is found confirms its whole group. */
export function ownerFound(owner: StreamRef, state: Quota): readonly QuotaEvent[] {
  const pending = state.unconfirmed.get(streamName(owner));
  if (pending?.found !== 'nothing') return [];
  if (others(owner, state).some(({ found }) => found === 'nothing'))
    return [{ type: 'quota.owner-found.v1', data: { owner } }];
  return [{ type: 'quota.confirmed.v2', data: { owners: ownersOf(members(state, pending.group)) } }];
}

/** A deleted owner did exist: if it was the last one to find, its release confirms the others. */
export function released(owner: StreamRef, state: Quota): readonly QuotaEvent[] {
  const key = streamName(owner);
  if (!state.held.has(key)) return [];
  const release: QuotaEvent = { type: 'quota.released.v2', data: { owner } };
  if (state.unconfirmed.get(key)?.found !== 'nothing') return [release];
  const waiting = others(owner, state);
  if (waiting.length === 0 || waiting.some(({ found }) => found !== 'exists')) return [release];
  return [release, { type: 'quota.confirmed.v2', data: { owners: ownersOf(waiting) } }];
}

/** The first owner that is missing undoes its whole group. */
export function ownerMissing(owner: StreamRef, state: Quota): readonly QuotaEvent[] {
  if (!state.held.has(streamName(owner))) return [];
  const release: QuotaEvent = { type: 'quota.released.v2', data: { owner } };
  const owners = ownersOf(others(owner, state).filter(({ found }) => found !== 'undoing'));
  return owners.length === 0 ? [release] : [release, { type: 'quota.undo-requested.v2', data: { owners } }];
}

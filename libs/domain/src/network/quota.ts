import { deriveId } from '../ids';
import type { StreamRef } from '../kernel/aggregate';
import type { CommandEffect } from '../kernel/effect';
import { abandons } from '../kernel/owned';
import type { Reservation } from '../quota/state';
import type { NetworkEvent } from './messages';
import type { Network } from './state';

export const networkRef = (id: string): StreamRef => ({ category: 'network', id });

/** What a network that a tenant makes uses of its project's quota. @param userId who makes it. */
export const networkReservation = (id: string, userId: string): Reservation => ({
  owner: networkRef(id),
  amounts: { networks: 1 },
  userId,
});

/** @throws DomainError `network.exists` for one that was created. */
export function abandon(networkId: string, { exists, abandoned }: Network): readonly NetworkEvent[] {
  const life = exists ? 'live' : abandoned === true ? 'abandoned' : 'absent';
  return abandons(life, 'network') ? [{ type: 'network.creation-abandoned.v1', data: { networkId } }] : [];
}

/** Whether the project that it counts for has it no longer. */
const isReleased = ({ countsFor, projectId, deleted }: Network): boolean =>
  countsFor !== undefined && (deleted || projectId !== countsFor);

export const quotaReleased = (state: Network): readonly NetworkEvent[] =>
  state.countsFor === undefined || !isReleased(state)
    ? []
    : [{ type: 'network.quota-released.v1', data: { projectId: state.countsFor } }];

/** A network that its project has no longer does not count for it any more. */
export function dueQuota(state: Network): readonly CommandEffect[] {
  const { countsFor, spec } = state;
  if (countsFor === undefined || !isReleased(state)) return [];
  const released = () => ({ type: 'RecordNetworkQuotaReleased', data: {} });
  return [
    {
      kind: 'command',
      id: deriveId(spec.networkId, 'release', 'quota'),
      target: { category: 'quota', id: countsFor },
      command: { type: 'ReleaseQuota', data: { owner: networkRef(spec.networkId) } },
      onDone: released,
      onRefused: released,
    },
  ];
}

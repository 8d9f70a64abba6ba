import { deriveId } from '../ids';
import type { CommandEffect, Effect } from '../kernel/effect';
import type { QuotaEvent } from './messages';
import type { Quota, Unconfirmed } from './state';

/** Why a server that was launched is deleted although nobody asked for that; its tenant may read it. */
const UNDONE = {
  code: 'instance.request-cut-off',
  message: 'The request ended before all of its servers were launched, and was not answered: it is undone as a whole.',
};

/**
 * A reservation whose launch is not known to have begun is settled: either the launch is there, or it never will be. Of
 * several servers in one request all must be there. Where one is not, nobody can have been told that they were: the
 * answer waits for every launch. Then the others are undone, since what was asked for of the one that is missing is
 * nowhere in the log.
 */
export function due(state: Quota): readonly Effect[] {
  return [...state.unconfirmed.entries()].flatMap(([instanceId, pending]): Effect[] => {
    switch (pending.found) {
      case 'nothing':
        return [settle(instanceId, pending)];
      case 'launched':
        return []; // what is found of the others decides
      case 'undoing':
        return [undo(instanceId, pending)];
    }
  });
}

const settle = (instanceId: string, { settleAfter }: Unconfirmed): CommandEffect => ({
  kind: 'command',
  id: deriveId(instanceId, 'settle-quota', settleAfter), // reserved again, it is settled again
  notBefore: settleAfter,
  target: { category: 'instance', id: instanceId },
  command: { type: 'AbandonLaunch', data: { instanceId } },
  onDone: () => ({ type: 'RecordLaunchMissing', data: { instanceId } }),
  onRefused: () => ({ type: 'RecordLaunchFound', data: { instanceId } }),
});

function undo(instanceId: string, { settleAfter }: Unconfirmed): CommandEffect {
  const release = (): { type: string; data: object } => ({ type: 'ReleaseQuota', data: { instanceId } });
  return {
    kind: 'command',
    id: deriveId(instanceId, 'undo-launch', settleAfter),
    target: { category: 'instance', id: instanceId },
    command: { type: 'UndoLaunch', data: { instanceId, ...UNDONE } },
    onDone: release,
    onRefused: release, // it is never refused; whatever it was, the server is not to count
  };
}

/** All that wait in the group, by their ids. */
const members = (state: Quota, group: string): readonly (readonly [string, Unconfirmed])[] =>
  [...state.unconfirmed.entries()].filter(([, pending]) => pending.group === group);

/** The last one that is found confirms its whole group. */
export function launchFound(instanceId: string, state: Quota): readonly QuotaEvent[] {
  const pending = state.unconfirmed.get(instanceId);
  if (pending?.found !== 'nothing') return [];
  const group = members(state, pending.group);
  const open = group.filter(([, { found }]) => found === 'nothing').length;
  if (open > 1) return [{ type: 'quota.launch-found.v1', data: { instanceId } }];
  return [{ type: 'quota.confirmed.v1', data: { instanceIds: group.map(([id]) => id) } }];
}

/** A server that is deleted was launched: if it was the last to be looked for, that confirms the others. */
export function released(instanceId: string, state: Quota): readonly QuotaEvent[] {
  if (!state.items.has(instanceId)) return [];
  const events: QuotaEvent[] = [{ type: 'quota.released.v1', data: { instanceId } }];
  const pending = state.unconfirmed.get(instanceId);
  if (pending?.found !== 'nothing') return events;
  const others = members(state, pending.group).filter(([id]) => id !== instanceId);
  if (others.length === 0 || others.some(([, { found }]) => found !== 'launched')) return events;
  return [...events, { type: 'quota.confirmed.v1', data: { instanceIds: others.map(([id]) => id) } }];
}

/** The first one that is missing undoes its whole group. */
export function launchMissing(instanceId: string, state: Quota): readonly QuotaEvent[] {
  if (!state.items.has(instanceId)) return [];
  const release: QuotaEvent = { type: 'quota.released.v1', data: { instanceId } };
  const group = state.unconfirmed.get(instanceId)?.group;
  const others = group === undefined ? [] : members(state, group).filter(([id]) => id !== instanceId);
  const instanceIds = others.filter(([, { found }]) => found !== 'undoing').map(([id]) => id);
  if (instanceIds.length === 0) return [release];
  return [release, { type: 'quota.undo-requested.v1', data: { instanceIds } }];
}

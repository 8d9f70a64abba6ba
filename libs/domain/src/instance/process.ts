import type { Effect } from '../kernel/effect';
import { dueDebts } from './due-debts';
import { dueLaunch } from './launch/due';
import { dueConfirm } from './move/confirm';
import { dueOffload } from './offload';
import { dueOperation } from './operations/due';
import { dueReclaim } from './reclaim';
import type { Instance } from './state';

/** Lists what an instance owes: its launch, an operation on its host, releases, its end after a soft deletion. A function of its state alone. */
export function due(state: Instance): readonly Effect[] {
  const { request, vmState, deletion, placement, operation } = state;
  if (request === undefined || vmState === 'deleted') return [];
  const owed = dueDebts(state);
  if (deletion !== undefined) return owed;
  if (operation !== undefined) return [...owed, ...dueOperation(state, operation)];
  if (placement !== undefined) return [...owed, ...dueLaunch(state, placement)];
  return [...owed, ...dueReclaim(state), ...dueOffload(state), ...dueConfirm(state)];
}

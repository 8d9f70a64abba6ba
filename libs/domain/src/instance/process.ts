import type { Effect } from '../kernel/effect';
import { dueDebts } from './due-debts';
import { dueMembership } from './groups/membership';
import { dueFloating } from './interfaces/floating';
import { duePlaces } from './interfaces/places';
import { dueLaunch } from './launch/due';
import { dueConfirm } from './move/confirm';
import { dueOffload } from './offload';
import { dueOperation } from './operations/due';
import { dueReclaim } from './reclaim';
import { dueRescueEnd } from './rescue-end';
import type { Instance } from './state';

/**
 * Lists what an instance owes: its launch, an operation on its host, releases, what it is to do later by itself. A
 * function of its state alone.
 */
export function due(state: Instance): readonly Effect[] {
  const { request, vmState, deletion, placement, operation } = state;
  if (request === undefined) return [];
  const debts = dueDebts(state);
  if (deletion !== undefined || vmState === 'deleted') return debts;
  const owed = [...debts, ...dueMembership(state), ...duePlaces(state), ...dueFloating(state)];
  if (operation !== undefined) return [...owed, ...dueOperation(state, operation)];
  if (placement !== undefined) return [...owed, ...dueLaunch(state, placement)];
  return [...owed, ...dueReclaim(state), ...dueOffload(state), ...dueConfirm(state), ...dueRescueEnd(state)];
}

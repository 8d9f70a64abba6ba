import type { Effect } from '../kernel/effect';
import { dueDebts } from './due-debts';
import { dueLaunch } from './launch/due';
import { dueOperation } from './operations/due';
import type { Instance } from './state';

/** Lists what an instance owes: its launch, an operation on its host, releases. A function of its state alone. */
export function due(state: Instance): readonly Effect[] {
  const { request, vmState, deletion, placement, operation } = state;
  if (request === undefined || vmState === 'deleted') return [];
  const owed = dueDebts(state);
  if (deletion !== undefined) return owed;
  if (operation !== undefined) return [...owed, ...dueOperation(state, operation)];
  return placement === undefined ? owed : [...owed, ...dueLaunch(state, placement)];
}

import { targetDebts, withDebts } from '../debts';
import { nextAttempt } from '../placement/placement';
import type { Folds } from '../section';
import type { Instance, Operation } from '../state';
import type { MoveEvents } from './messages';

const withOperation = (state: Instance, change: Partial<Operation>): Instance =>
  state.operation === undefined ? state : { ...state, operation: { ...state.operation, ...change } };

/** At the beginning of a leg, or of a part of the way back: no host has told anything of it yet. */
function atStage(state: Instance, change: Partial<Operation>): Instance {
  if (state.operation === undefined) return state;
  const { told: _told, task: _task, ...operation } = state.operation;
  return { ...state, operation: { ...operation, ...change } };
}

/** Gives back what the target of the search holds. */
export function withoutTarget(state: Instance): Instance {
  const generation = state.generation + 1;
  return { ...state, generation, debts: withDebts(state.debts, targetDebts(state, generation)) };
}

export const moveFolds: Folds<MoveEvents> = {
  'instance.reservation-changed.v1': (state, { amounts }) => ({ ...state, reserved: amounts }),

  'instance.operation-advanced.v1': (state, { leg, task }) =>
    atStage({ ...state, generation: state.generation + 1 }, { leg, ...(task === undefined ? {} : { task }) }),

  'instance.operation-progressed.v1': (state, { step, task }) => withOperation(state, { told: step, task }),

  'instance.move-attempt-failed.v1'(state, { message }) {
    const placement = state.placement === undefined ? undefined : nextAttempt(state.placement, message);
    return atStage({ ...withoutTarget(state), placement }, { leg: 0 });
  },

  'instance.operation-undoing.v1': (state, { code, message, notAfter }) =>
    atStage({ ...withoutTarget(state), placement: undefined }, { undone: { code, message }, notAfter, leg: 0 }),

  'instance.host-restart-noted.v1': (state, { operationId: _operationId, ...restarted }) =>
    withOperation(state, { restarted }),
};

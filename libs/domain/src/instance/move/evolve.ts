import { targetDebts, withDebts } from '../debts';
import { nextAttempt } from '../placement/placement';
import type { Folds } from '../section';
import type { Instance, Operation } from '../state';
import type { MoveEvents } from './messages';

const withOperation = (state: Instance, change: Partial<Operation>): Instance =>
  state.operation === undefined ? state : { ...state, operation: { ...state.operation, ...change } };

/** Gives back what the target of the search holds. */
export function withoutTarget(state: Instance): Instance {
  const generation = state.generation + 1;
  return { ...state, generation, debts: withDebts(state.debts, targetDebts(state, generation)) };
}

export const moveFolds: Folds<MoveEvents> = {
  'instance.reservation-changed.v1': (state, { amounts }) => ({ ...state, reserved: amounts }),

  'instance.operation-advanced.v1': (state, { leg }) =>
    withOperation({ ...state, generation: state.generation + 1 }, { leg }),

  'instance.move-attempt-failed.v1'(state, { message }) {
    const placement = state.placement === undefined ? undefined : nextAttempt(state.placement, message);
    return withOperation({ ...withoutTarget(state), placement }, { leg: 0 });
  },

  'instance.operation-undoing.v1': (state, { code, message, notAfter }) =>
    withOperation({ ...withoutTarget(state), placement: undefined }, { undone: { code, message }, notAfter, leg: 0 }),

  'instance.host-restart-noted.v1': (state, { operationId: _operationId, ...restarted }) =>
    withOperation(state, { restarted }),
};

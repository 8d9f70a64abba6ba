import { targetDebts, withDebts } from '../debts';
import type { Folds } from '../section';
import type { Instance } from '../state';
import type { PlacementEvents } from './messages';
import { beginsHere } from '../move/course';
import { nextAttempt, type Placement } from './placement';

const withPlacement = (state: Instance, change: (placement: Placement) => Placement): Instance =>
  state.placement === undefined ? state : { ...state, placement: change(state.placement) };

/** Once a host is found, the one that the server is on is asked to act, too. */
const disturbing = (state: Instance): Instance =>
  state.operation === undefined || state.host === undefined || !beginsHere(state.operation)
    ? state
    : { ...state, operation: { ...state.operation, disturbed: true } };

export const placementFolds: Folds<PlacementEvents> = {
  'instance.host-chosen.v2': (state, { purpose: _purpose, selection: _selection, ...chosen }) =>
    withPlacement({ ...state, generation: state.generation + 1 }, (placement) => ({
      ...placement,
      target: { ...chosen, claimed: false },
    })),

  'instance.host-claimed.v1': (state) =>
    withPlacement(disturbing(state), (placement) =>
      placement.target === undefined ? placement : { ...placement, target: { ...placement.target, claimed: true } },
    ),

  /**
   * Releases even a refused claim: another controller may send the same claim later, when the host has room. The
   * release leaves a tombstone, so that the host refuses it again.
   */
  'instance.host-refused.v1': (state, { message }) => ({
    ...withPlacement(state, (placement) => nextAttempt(placement, message)),
    debts: withDebts(state.debts, targetDebts(state, state.generation)),
  }),
};

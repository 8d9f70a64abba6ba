import { hostDebts, withDebts } from '../debts';
import type { Folds } from '../section';
import type { Instance } from '../state';
import type { PlacementEvents } from './messages';

/** The host is not asked again in this launch. */
export function withoutHost(state: Instance, lastReason: string): Instance {
  const { launch, host } = state;
  if (launch === undefined || host === undefined) return { ...state, host: undefined };
  const excludedHosts = [...launch.excludedHosts, host.hostId];
  return { ...state, host: undefined, launch: { ...launch, attempt: host.attempt, excludedHosts, lastReason } };
}

export const placementFolds: Folds<PlacementEvents> = {
  'instance.host-chosen.v1': (state, data) => ({
    ...state,
    generation: state.generation + 1,
    host: { ...data, claimed: false },
  }),

  'instance.host-claimed.v1': (state) =>
    state.host === undefined ? state : { ...state, host: { ...state.host, claimed: true } },

  /**
   * Another controller may be about to make the same claim, at a moment when the host would accept it: the release
   * leaves a tombstone, and the claim stays refused.
   */
  'instance.host-refused.v1': (state, { message }) => ({
    ...withoutHost(state, message),
    debts: withDebts(state.debts, hostDebts(state, state.generation)),
  }),
};

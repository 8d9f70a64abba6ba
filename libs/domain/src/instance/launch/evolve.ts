import { addressDebts, hostDebts, withDebts } from '../debts';
import { withoutHost } from '../placement/evolve';
import type { Folds } from '../section';
import type { LaunchEvents } from './messages';

export const launchFolds: Folds<LaunchEvents> = {
  'instance.launch-requested.v1'(state, { process: _process, ...request }) {
    const launch = { attempt: 0, excludedHosts: [], lastReason: null, notAfter: request.notAfter };
    return { ...state, vmState: 'building', request, launch };
  },

  'instance.launched.v1': (state) => ({ ...state, vmState: 'active', launch: undefined, everLaunched: true }),

  /** The addresses stay with the instance; its host's domain and claim must be gone before the next attempt. */
  'instance.launch-attempt-failed.v1'(state, { message }) {
    const generation = state.generation + 1;
    const debts = withDebts(state.debts, hostDebts(state, generation));
    return { ...withoutHost(state, message), generation, debts };
  },

  /** Everything but the quota is given back: a server in ERROR counts until it is deleted, as in nova. */
  'instance.launch-failed.v1'(state, reason, { at }) {
    const generation = state.generation + 1;
    const debts = withDebts(state.debts, [...hostDebts(state, generation), ...addressDebts(state)]);
    const fault = { ...reason, at };
    return { ...state, vmState: 'error', launch: undefined, host: undefined, addresses: [], generation, debts, fault };
  },
};

import { attached, dropped } from '../attachments';
import { interfaceDebts, targetDebts, withDebts } from '../debts';
import { requestedInterfaces } from '../interfaces/interfaces';
import { newPlacement, nextAttempt } from '../placement/placement';
import type { Folds } from '../section';
import type { LaunchEvents } from './messages';

export const launchFolds: Folds<LaunchEvents> = {
  'instance.launch-requested.v1': (state, { process: _process, ...request }) => ({
    ...state,
    vmState: 'building',
    request,
    placement: newPlacement('launch', request.notAfter),
    interfaces: requestedInterfaces(request.instanceId, request.networks),
  }),

  'instance.launched.v1': (state) => ({
    ...state,
    vmState: 'active',
    placement: undefined,
    host: state.placement?.target,
    interfaces: attached(state.interfaces),
    everLaunched: true,
  }),

  /** The addresses stay with the instance; its host's domain and claim must be gone before the next attempt. */
  'instance.launch-attempt-failed.v1'(state, { message }) {
    const generation = state.generation + 1;
    const debts = withDebts(state.debts, targetDebts(state, generation));
    const placement = state.placement === undefined ? undefined : nextAttempt(state.placement, message);
    return { ...state, placement, generation, debts };
  },

  /** Gives everything back but the quota: as in nova, a server in ERROR counts until it is deleted. */
  'instance.launch-failed.v1'(state, { code, message }, { at }) {
    const generation = state.generation + 1;
    const debts = withDebts(state.debts, [...targetDebts(state, generation), ...interfaceDebts(state)]);
    return {
      ...state,
      vmState: 'error',
      placement: undefined,
      interfaces: dropped(state.interfaces),
      ...(state.floating === undefined ? {} : { floating: [] }),
      generation,
      debts,
      fault: { code, message, at },
    };
  },
};

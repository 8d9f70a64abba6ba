import { irregularHostOperation } from './definition';

/** Makes the network of the guest on its host again, as nova's administrators may ask. The guest keeps its power. */
export const injectNetwork = irregularHostOperation(
  {
    command: 'InjectNetworkInfo',
    requested: 'instance.network-injection-requested.v1',
    accept: (asked: { readonly notAfter: string }) => asked,
  },
  {
    name: 'injectNetworkInfo',
    past: 'network-injected',
    meaning: 'The host has made what is missing of the network of the guest.',
    requestMeaning: 'An administrator asked that the network of the guest be made on its host again.',
    allowed: { vmStates: ['active', 'paused', 'suspended', 'stopped'] },
    task: null,
    target: 'unchanged',
    failure: 'unchanged',
    isListed: false,
  },
);

import { hostOperation } from './definition';

/** Boots a guest that is shut down. */
export const start = hostOperation({
  name: 'start',
  past: 'started',
  meaning: 'The stopped guest runs again.',
  allowed: { vmStates: ['stopped'] },
  task: 'powering-on',
  target: { vmState: 'active', power: 'running' },
});

import { hostOperation } from './definition';

/** Holds the guest where it is: it stays in memory and gets no processor. */
export const pause = hostOperation({
  name: 'pause',
  past: 'paused',
  meaning: 'The guest is held in the memory of its host.',
  allowed: { vmStates: ['active'] },
  task: 'pausing',
  target: { vmState: 'paused', power: 'paused' },
});

/** Lets a paused guest go on. */
export const unpause = hostOperation({
  name: 'unpause',
  past: 'unpaused',
  meaning: 'The paused guest goes on where it was.',
  allowed: { vmStates: ['paused'] },
  task: 'unpausing',
  target: { vmState: 'active', power: 'running' },
});

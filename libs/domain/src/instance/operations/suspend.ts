import { hostOperation } from './definition';

/** Writing or reading a guest's memory takes as long as the disk of its host takes. */
const LIMIT_MS = 30 * 60_000;

/** Saves the guest's memory on the disk of its host, where it outlives a restart of the machine. */
export const suspend = hostOperation({
  name: 'suspend',
  past: 'suspended',
  meaning: 'The memory of the guest is saved on the disk of its host, and nothing of it runs.',
  allowed: { vmStates: ['active'] },
  task: 'suspending',
  target: { vmState: 'suspended', power: 'suspended' },
  limitMs: LIMIT_MS,
});

/** Lets a suspended guest go on with the memory that was saved. */
export const resume = hostOperation({
  name: 'resume',
  past: 'resumed',
  meaning: 'The suspended guest goes on where it was.',
  allowed: { vmStates: ['suspended'] },
  task: 'resuming',
  target: { vmState: 'active', power: 'running' },
  limitMs: LIMIT_MS,
});

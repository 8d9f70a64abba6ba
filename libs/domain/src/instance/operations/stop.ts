import { hostOperation } from './definition';

/** Shuts the guest down: asked by ACPI first, forced after a minute. Disks and addresses stay. */
export const stop = hostOperation({
  name: 'stop',
  past: 'stopped',
  meaning: 'The guest is off; disks and addresses stay.',
  allowed: { vmStates: ['active', 'error'] },
  task: 'powering-off',
  target: { vmState: 'stopped', power: 'stopped' },
});

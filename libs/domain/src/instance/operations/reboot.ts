import { hostOperation } from './definition';

interface Reboot {
  readonly rebootType: 'soft' | 'hard';
}

/** Restarts the guest. A soft reboot asks it first; a hard one ends whatever state it is in, a failed one too. */
export const reboot = hostOperation({
  name: 'reboot',
  past: 'rebooted',
  meaning: 'The reboot that was asked for is done.',
  requestMeaning: 'Somebody asked for a soft or hard reboot; a hard one may take over one that is under way.',
  allowed: ({ rebootType }: Reboot) =>
    rebootType === 'soft'
      ? { vmStates: ['active'] }
      : {
          vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
          tasks: [
            'rebooting',
            'reboot_pending',
            'reboot_started',
            'rebooting_hard',
            'resuming',
            'unpausing',
            'pausing',
            'suspending',
          ],
        },
  task: ({ rebootType }) => (rebootType === 'hard' ? 'rebooting_hard' : 'rebooting'),
  told: ({ rebootType }) => ({ ready: rebootType === 'hard' ? 'reboot_started_hard' : 'reboot_started' }),
  process: 2,
  target: { vmState: 'active', power: 'running' },
  job: ({ rebootType }) => ({ kind: 'reboot-instance', payload: { type: rebootType } }),
});

import { irregularHostOperation } from './definition';

/** Interrupts the guest so that its kernel dumps its memory (compute API 2.17). The guest decides what it then does. */
export const crashDump = irregularHostOperation(
  {
    command: 'TriggerCrashDump',
    requested: 'instance.crash-dump-requested.v1',
    accept: (asked: { readonly notAfter: string }) => asked,
  },
  {
    name: 'crashDump',
    past: 'interrupted',
    meaning: 'The guest was given a non-maskable interrupt.',
    requestMeaning: 'Somebody asked that the kernel of the guest be made to dump its memory.',
    title: 'trigger_crash_dump',
    listedAs: 'trigger_crash_dump',
    allowed: { vmStates: ['active', 'paused', 'rescued', 'resized', 'error'] },
    task: null,
    target: 'unchanged',
    job: { kind: 'inject-nmi' },
    failure: 'unchanged',
  },
);

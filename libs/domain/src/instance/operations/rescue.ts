import { later } from '../../kernel/time';
import type { RescueImages } from '../spec';
import { hostOperation } from './definition';

interface Rescue {
  readonly rescue: RescueImages;
  /** After this time the server boots from its root disk again. In milliseconds. Absent: when somebody asks for it. */
  readonly endsAfterMs?: number;
}

/** Boots the guest from another image, with its root disk as another one, so that somebody can mend that. */
export const rescue = hostOperation({
  name: 'rescue',
  past: 'rescued',
  meaning: 'The guest runs from the rescue image; its root disk is its second one.',
  allowed: { vmStates: ['active', 'stopped', 'error'] },
  task: 'rescuing',
  target: { vmState: 'rescued', power: 'running' },
  begins: ({ rescueEndsAt: _before, ...instance }, { rescue: images, endsAfterMs }: Rescue, _operationId, at) => ({
    ...instance,
    rescue: images,
    ...(endsAfterMs === undefined ? {} : { rescueEndsAt: later(at, endsAfterMs) }),
  }),
  job: { kind: 'reboot-instance', payload: { type: 'soft' } },
});

/** Boots the guest from its root disk again. */
export const unrescue = hostOperation({
  name: 'unrescue',
  past: 'unrescued',
  meaning: 'The guest runs from its root disk again.',
  allowed: { vmStates: ['rescued'] },
  task: 'unrescuing',
  target: { vmState: 'active', power: 'running' },
  begins({ rescue: _rescue, ...instance }) {
    return instance;
  },
  job: { kind: 'reboot-instance', payload: { type: 'hard' } },
});

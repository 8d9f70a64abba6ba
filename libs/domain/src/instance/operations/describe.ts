import { withRequest } from '../state';
import { immediateOperation } from './definition';

interface Description {
  readonly description: string | null;
}

/** Sets or takes away the free text that people read (compute API 2.19). */
export const describeServer = immediateOperation({
  name: 'describe',
  past: 'described',
  meaning: 'The description of the server has changed or is gone.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide: ({ description }: Description, { request }) =>
    request?.description === description ? null : { description },
  evolve: (instance, { description }) => withRequest(instance, { description }),
});

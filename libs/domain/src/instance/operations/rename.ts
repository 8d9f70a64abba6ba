import { withRequest } from '../state';
import { immediateOperation } from './definition';

interface Name {
  readonly name: string;
}

export const rename = immediateOperation({
  name: 'rename',
  past: 'renamed',
  meaning: 'The server has another name; its host name stays.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide: ({ name }: Name, { request }) => (request?.name === name ? null : { name }),
  evolve: (instance, { name }) => withRequest(instance, { name }),
});

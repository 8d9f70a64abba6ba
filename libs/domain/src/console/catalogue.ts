import type { EventCatalogue } from '../kernel/catalogue';
import type { ConsoleEvent } from './decider';

export const consoleEvents: EventCatalogue<ConsoleEvent> = {
  'console.authorized.v1': {
    meaning: 'A user was given a token for a console of the server. Only its hash is kept.',
    shown: false,
  },
  'console.opened.v1': {
    meaning: 'Somebody connected to a console of the server by such a token.',
    shown: false,
  },
  'console.closed.v1': {
    meaning: 'That connection ended, for this reason. Missing where the controller itself was killed.',
    shown: false,
  },
};

import type { EventCatalogue } from '../kernel/catalogue';
import type { RequestEvent } from './decider';

export const requestEvents: EventCatalogue<RequestEvent> = {
  'request.key-used.v1': {
    meaning:
      'A request with an idempotency key was taken up; with that key its caller can repeat it, and ask nothing else.',
    shown: false,
  },
};

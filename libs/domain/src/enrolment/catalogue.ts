import type { EventCatalogue } from '../kernel/catalogue';
import type { EnrolmentEvent } from './decider';

export const enrolmentEvents: EventCatalogue<EnrolmentEvent> = {
  'enrolment.token-issued.v1': {
    meaning: 'An operator lets one machine join as this host, by a token; Cairn keeps its hash.',
    shown: false,
  },
  'enrolment.host-joined.v1': {
    meaning: 'A machine used the token: it has a certificate and its own users of store and queue.',
    shown: false,
  },
  'enrolment.host-revoked.v1': {
    meaning: 'The machine may do nothing any more, and an open token is void.',
    shown: false,
  },
};

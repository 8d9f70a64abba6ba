import type { EventCatalogue } from '../kernel/catalogue';
import type { UserEvent } from './decider';

export const userEvents: EventCatalogue<UserEvent> = {
  'user.created.v1': {
    meaning: "A user exists; the password's hash is sealed.",
    shown: true,
  },
  'user.creation-abandoned.v1': {
    meaning: 'The name of this user was claimed but the user never came; it cannot come any more.',
    shown: false,
  },
  'user.updated.v1': {
    meaning: 'Some of what is said of the user has changed; only that is in the event.',
    shown: true,
  },
  'user.password-changed.v1': {
    meaning:
      'The user has another password; tokens that were issued before are no longer good, and logins under way fail.',
    shown: false,
  },
  'user.token-revoked.v1': {
    meaning: 'One token is no longer good.',
    shown: false,
  },
  'user.login-failed.v1': {
    meaning:
      'Somebody gave a wrong password for the user, so many times in a row; recorded where failures lock users out.',
    shown: false,
  },
  'user.failed-logins-forgotten.v1': {
    meaning: 'Failed logins of the user count no more: the right password came, or an administrator enabled the user.',
    shown: false,
  },
  'user.deleted.v1': {
    meaning: 'The user is gone.',
    shown: true,
  },
};

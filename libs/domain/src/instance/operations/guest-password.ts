import type { Sealed } from '../../kernel/sealed';
import { noGuestAgent } from '../refusals';
import { irregularHostOperation } from './definition';

interface ChangePassword {
  /** Whose password: the administrator of the guest. */
  readonly user: string;
  /** The new one, under the project's key. Its host fetches it when it sets it: no job and no journal holds it. */
  readonly adminPass: Sealed;
  /** The same for the owner of the server's key, as a guest would post it. Absent: the key encrypts nothing. */
  readonly forOwner?: Sealed;
}

/** Long enough for an agent that answers at all. */
const LIMIT_MS = 2 * 60_000;

/** Sets the password of the guest's administrator, by the agent in the guest. */
export const changePassword = irregularHostOperation(
  {
    command: 'ChangeGuestPassword',
    requested: 'instance.password-change-requested.v1',
    accept(asked: ChangePassword & { readonly notAfter: string }, { request }) {
      if (request?.hardware?.guestAgent !== true) throw noGuestAgent();
      return asked;
    },
  },
  {
    name: 'changePassword',
    past: 'password-changed',
    meaning: "The administrator of the guest has another password; the log keeps it under the project's key only.",
    requestMeaning:
      "Somebody asked for another password of the guest's administrator, which is in the event, encrypted.",
    allowed: { vmStates: ['active'] },
    task: 'updating_password',
    target: 'unchanged',
    job: ({ user }) => ({ kind: 'set-guest-password', payload: { user } }),
    failure: 'unchanged',
    limitMs: LIMIT_MS,
    ends: (instance, { forOwner }) => (forOwner === undefined ? instance : { ...instance, postedPassword: forOwner }),
  },
);

import { DomainError } from '../../kernel/errors';
import type { Sealed } from '../../kernel/sealed';
import type { Instance } from '../state';
import { irregularImmediateOperation, type Nothing } from './definition';

interface Posted {
  /** What the guest posted: its administrator's password, encrypted by the server's public key. */
  readonly password: Sealed;
}

/**
 * The guest posts the password that it has made for its administrator, once: a second one is refused until the first is
 * cleared, as by nova's metadata service. The private key of the server's key pair decrypts it.
 */
export const postPassword = irregularImmediateOperation('RecordPostedPassword', {
  name: 'post-password',
  past: 'password-posted',
  meaning: "The guest has posted its administrator's password, encrypted for the owner of the server's key.",
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide({ password }: Posted, { postedPassword }): Posted {
    if (postedPassword === undefined) return { password };
    throw new DomainError('conflict', 'instance.password-posted', 'The server has a password already.');
  },
  evolve: (instance, { password }): Instance => ({ ...instance, postedPassword: password }),
});

/** Forgets the posted password. The guest's own stays as it is. */
export const clearPassword = irregularImmediateOperation('ClearPostedPassword', {
  name: 'clear-password',
  past: 'password-cleared',
  meaning: 'The password that the guest had posted is forgotten; the guest may post another.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide: (_asked: Nothing, { postedPassword }): Nothing | null => (postedPassword === undefined ? null : {}),
  evolve: ({ postedPassword: _cleared, ...instance }): Instance => instance,
});

import { rule, type Rule } from '../rule';
import { flag, text } from '../values';

/** What the owner of an image says of the guest that runs in it, for what is done by its agent. */
export const guestAgentRules: readonly Rule[] = [
  rule({
    image: { os_require_quiesce: flag },
    effect: 'Images of a guest that runs are made while its file systems are frozen, or not at all.',
    gives: () => ({}),
  }),
  rule({
    image: { os_admin_user: text },
    effect:
      'Whose password `changePassword` sets; without it that of `root`, or of `Administrator` where `os_type` is `windows`.',
    gives: () => ({}),
  }),
];

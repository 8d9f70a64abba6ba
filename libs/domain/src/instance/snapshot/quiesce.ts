import { DomainError } from '../../kernel/errors';
import { own } from '../../kernel/own';
import type { Instance } from '../state';

/**
 * Whether the guest's file systems are frozen while its disk is copied: `try` goes on without, `require` fails then. A
 * guest that is off has nothing to freeze.
 */
export interface Quiesced {
  /** Absent: they are not. */
  readonly quiesce?: 'try' | 'require';
}

/** nova's words for true. */
const TRUE = /^\s*(1|t|true|on|y|yes)\s*$/i;

/**
 * By the properties of the server's image: its guest has an agent, and its owner may want no image without it.
 * @throws DomainError in nova's words where it is wanted and cannot be.
 */
export function quiesceOf({ request, vmState }: Instance): Quiesced {
  if (vmState !== 'active' && vmState !== 'paused') return {};
  const isRequired = TRUE.test(own(request?.imageProperties ?? {}, 'os_require_quiesce') ?? '');
  if (request?.hardware?.guestAgent === true) return { quiesce: isRequired ? 'require' : 'try' };
  if (isRequired) throw new DomainError('conflict', 'instance.no-guest-agent', 'QEMU guest agent is not enabled');
  return {};
}

import { own } from '../../kernel/own';
import { isTrueWord } from '../hardware';
import { noGuestAgent } from '../refusals';
import type { Instance } from '../state';

/**
 * Whether the guest's file systems are frozen while its disk is copied: `try` goes on without, `require` fails then. A
 * guest that is off has nothing to freeze.
 */
export interface Quiesced {
  /** Absent: they are not. */
  readonly quiesce?: 'try' | 'require';
}

/**
 * By the properties of the server's image: its guest has an agent, and its owner may want no image without it.
 * @throws DomainError in nova's words where it is wanted and cannot be.
 */
export function quiesceOf({ request, vmState }: Instance): Quiesced {
  if (vmState !== 'active' && vmState !== 'paused') return {};
  const isRequired = isTrueWord(own(request?.imageProperties ?? {}, 'os_require_quiesce') ?? '');
  if (request?.hardware?.guestAgent === true) return { quiesce: isRequired ? 'require' : 'try' };
  if (isRequired) throw noGuestAgent();
  return {};
}

import type { Instance } from '../instance/state';

/**
 * Whether a member holds no host and never will again: it is deleted, or its launch failed and all is given back. This
 * cannot change any more, so it may be acted on later.
 */
export const hasLeftItsHost = ({ vmState, host, placement, debts }: Instance): boolean =>
  vmState === 'deleted' || (vmState === 'error' && host === undefined && placement === undefined && debts.length === 0);

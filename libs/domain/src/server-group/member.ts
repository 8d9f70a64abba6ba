import type { Instance } from '../instance/state';
import { hostOperationNamed } from '../instance/operations';
import type { PlacedOn } from '../instance/placement/placement';

/**
 * Whether a member holds no host and never will again: it is deleted, or its launch failed and all is given back. This
 * cannot change any more, so it may be acted on later.
 */
export const hasLeftItsHost = ({ vmState, host, placement, debts }: Instance): boolean =>
  vmState === 'deleted' || (vmState === 'error' && host === undefined && placement === undefined && debts.length === 0);

/**
 * The host of a member that nothing is placing or moving; null for one that is on none now, as when it is offloaded.
 * Undefined while that may change by itself: its launch, a move or the way back from one, or what a host still clears away.
 */
export function restingPlace({ host, placement, operation, debts }: Instance): PlacedOn | null | undefined {
  const moves = operation !== undefined && hostOperationNamed(operation.name).goes !== undefined;
  if (placement !== undefined || moves) return undefined;
  if (host !== undefined) return host;
  return debts.some(({ kind }) => kind === 'domain' || kind === 'host-claim') ? undefined : null;
}

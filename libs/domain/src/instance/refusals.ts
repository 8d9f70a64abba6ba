import { DomainError } from '../kernel/errors';
import type { Instance } from './state';

/** Refusals in nova's words. */

export const notFound = (): DomainError =>
  new DomainError('not-found', 'instance.not-found', 'Instance could not be found.');

export const isThere = (state: Instance): boolean =>
  state.request !== undefined && state.vmState !== 'absent' && state.vmState !== 'deleted';

/** The server's vm_state or task_state does not allow the action. */
export function invalidState(
  action: string,
  { request }: Instance,
  attribute: 'vm_state' | 'task_state',
  value: string,
): DomainError {
  const message = `Cannot '${action}' instance ${request?.instanceId ?? ''} while it is in ${attribute} ${value}`;
  return new DomainError('conflict', 'instance.invalid-state', message, { action, [attribute]: value });
}

/** Only administrators act on a server that is locked (nova: check_instance_lock). */
export const locked = ({ request }: Instance): DomainError =>
  new DomainError('conflict', 'instance.locked', `Instance ${request?.instanceId ?? ''} is locked`);

/** Nothing reaches an agent in the guest: its image asks for no channel to one. */
export const noGuestAgent = (): DomainError =>
  new DomainError('conflict', 'instance.no-guest-agent', 'QEMU guest agent is not enabled');

/** A server that never was on a host can only be deleted. */
export const neverLaunched = (action: string): DomainError =>
  new DomainError('conflict', 'instance.never-launched', `Cannot '${action}' an instance which has never been active`);

import { DomainError, type Instance, type LaunchRequest, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

export const serverNotFound = (id: string): DomainError =>
  new DomainError('not-found', 'instance.not-found', `Instance ${id} could not be found.`);

/** A server that somebody asked for. */
type Requested = Instance & { readonly request: LaunchRequest };

/**
 * A server that the caller may act on, also one that is deleted.
 * @param projectId the project that must own it; null for administrators. For other projects the server does not exist.
 * @throws DomainError `not-found`
 */
export async function ownServer(
  executor: Executor,
  { instanceId, projectId }: { readonly instanceId: string; readonly projectId: string | null },
): Promise<Requested> {
  const instance = await executor.state(streamRef('instance', instanceId));
  const { request } = instance;
  if (request === undefined || (projectId !== null && request.projectId !== projectId))
    throw serverNotFound(instanceId);
  return { ...instance, request };
}

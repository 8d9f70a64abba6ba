import { deriveId } from '../ids';
import type { CommandEffect } from '../kernel/effect';
import type { InstanceEvent } from './events';
import { commandToItself } from './own-command';
import type { Decisions } from './section';
import { operationNamed, type OperationRequest } from './operations';
import { refusalByState } from './operations/decide';
import { requestOf } from './spec-of';
import type { Instance } from './state';

/** Deletes soft-deleted servers whose time is over. */
export interface ReclaimCommands {
  /** The moment names the deletion: after a restoration, or another deletion, there is nothing to do. */
  readonly ReclaimInstance: { readonly reclaimAt: string };
}

/**
 * What a deletion is where soft-deleted servers are kept that long. One that was resized is confirmed first. What never ran,
 * or is moving, is deleted at once.
 * @param keepSeconds 0: not at all
 */
export function deletionOf(state: Instance, keepSeconds: number): readonly OperationRequest[] {
  const { vmState, host, operation, deletion } = state;
  const atOnce: readonly OperationRequest[] = [{ name: 'delete', input: {} }];
  if (keepSeconds === 0 || host === undefined || deletion !== undefined) return atOnce;
  const softly: OperationRequest = { name: 'soft-delete', input: { keepSeconds } };
  if (vmState === 'resized' && operation === undefined) return [{ name: 'confirmResize', input: {} }, softly];
  return refusalByState(operationNamed('soft-delete'), softly.input, state) === undefined ? [softly] : atOnce;
}

/** Whether it waits in the trash, with nothing under way. */
const isKept = ({ vmState, deletion, operation }: Instance): boolean =>
  vmState === 'soft-delete' && deletion === undefined && operation === undefined;

/** A command of the server to itself. Locks keep people away, not this. */
export function dueReclaim(state: Instance): readonly CommandEffect[] {
  const { reclaimAt } = state;
  if (reclaimAt === undefined || !isKept(state)) return [];
  const id = deriveId(requestOf(state).instanceId, 'reclaim', reclaimAt);
  return [commandToItself(state, id, { type: 'ReclaimInstance', data: { reclaimAt } }, reclaimAt)];
}

export const reclaimDecisions: Decisions<ReclaimCommands> = {
  ReclaimInstance({ reclaimAt }, state, { commandId }): readonly InstanceEvent[] {
    if (!isKept(state) || state.reclaimAt !== reclaimAt) return [];
    return [{ type: 'instance.deletion-requested.v1', data: { process: 1, operationId: commandId } }];
  },
};

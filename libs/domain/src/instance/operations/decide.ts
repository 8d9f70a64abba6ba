import type { Asker, Context } from '../../kernel/aggregate';
import type { Restarted } from '../../kernel/effect';
import type { DomainError } from '../../kernel/errors';
import { deriveId } from '../../ids';
import { invalidState, isThere, locked, neverLaunched, notFound } from '../refusals';
import type { Decisions } from '../section';
import type { InstanceFacts } from '../spec';
import type { Instance } from '../state';
import { taskState } from '../task-state';
import {
  type AnyHostOperation,
  type AnyImmediateOperation,
  type AnyOperation,
  hostOperationNamed,
  operationAskedBy,
  type OperationCommand,
  targetOf,
} from './index';
import { isInMemory, restore } from './restore';
import type { OperationEvent } from './steps';

/** How a job ended, and whether the host restarted before it could report that. */
export interface Ended {
  readonly facts: InstanceFacts;
  readonly restarted: Restarted | null;
}

/** Commands that record the outcome of an operation's job. */
export interface OutcomeCommands {
  readonly RecordOperationDone: Ended & { readonly operationId: string };
  readonly RecordOperationFailed: { readonly operationId: string; readonly code: string; readonly message: string };
}

/** Decides the commands of all operations in the table. */
export function decideOperation(
  command: OperationCommand,
  state: Instance,
  context: Context,
): readonly OperationEvent[] {
  const operation = operationAskedBy(command);
  return operation.kind === 'host'
    ? begin(operation, command.data, state, context)
    : happen(operation, command.data, state, context);
}

/** A repeat of the command that began the running operation changes nothing. */
function begin(
  operation: AnyHostOperation,
  asked: object,
  state: Instance,
  { commandId, caller }: Context,
): readonly OperationEvent[] {
  if (state.operation?.operationId === commandId) return [];
  const refusal = refusalOf(operation, asked, state, caller);
  if (refusal !== undefined && operation.origin === 'host') return [];
  if (refusal !== undefined) throw refusal;
  const input = operation.accept(asked, state);
  return input === null ? [] : [operation.begin(input, commandId)];
}

function happen(
  operation: AnyImmediateOperation,
  asked: object,
  state: Instance,
  context: Context,
): readonly OperationEvent[] {
  const refusal = refusalOf(operation, asked, state, context.caller);
  if (refusal !== undefined) throw refusal;
  const data = operation.decide(asked, state, context);
  return data === null ? [] : [operation.happen(data)];
}

/** The reason to refuse an operation now; undefined if the server takes it. */
function refusalOf(
  operation: AnyOperation,
  asked: object,
  state: Instance,
  caller: Asker | undefined,
): DomainError | undefined {
  if (!isThere(state)) return notFound();
  if (state.lock !== undefined && !operation.ignoresLock && caller?.isAdmin !== true) return locked(state);
  const { kind, title } = operation;
  const { vmStates, tasks = [] } = operation.allowed(asked);
  const task = taskState(state);
  if (vmStates !== 'any' && !vmStates.includes(state.vmState))
    return invalidState(title, state, 'vm_state', state.vmState);
  if (tasks !== 'any' && task !== null && !tasks.includes(task)) return invalidState(title, state, 'task_state', task);
  return kind === 'host' && state.host === undefined ? neverLaunched(title) : undefined;
}

export const outcomeDecisions: Decisions<OutcomeCommands> = {
  RecordOperationDone({ operationId, facts, restarted }, state, context) {
    if (state.operation?.operationId !== operationId) return [];
    const operation = hostOperationNamed(state.operation.name);
    const done = operation.end(operationId, facts);
    const after = targetOf(operation, state.vmState).vmState;
    return isInMemory(after) ? [done, ...restoreAfter(restarted, context)] : [done];
  },

  RecordOperationFailed(data, { operation }) {
    if (operation?.operationId !== data.operationId) return [];
    return [{ type: 'instance.operation-failed.v1', data: { ...data, kind: hostOperationNamed(operation.name).name } }];
  },
};

/**
 * Starts the guest again if its host finished the job, lost power and reports only now. The notice of the restart came
 * before the operation's end, so the server ignored it.
 */
export const restoreAfter = (restarted: Restarted | null, { commandId }: Context): readonly OperationEvent[] =>
  restarted === null ? [] : [restore.begin(restarted, deriveId(commandId, 'restore'))];

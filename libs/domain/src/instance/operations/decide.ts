import type { Asker, Context } from '../../kernel/aggregate';
import { JOB_STEPS, type JobStep, type Restarted } from '../../kernel/effect';
import type { DomainError } from '../../kernel/errors';
import { deriveId } from '../../ids';
import type { InstanceEvent } from '../events';
import { isLastLeg, legOf, searchNeeded, stageOf, standingAfter, undoLegs } from '../move/course';
import { failing } from '../move/decide';
import { invalidState, isThere, locked, neverLaunched, notFound } from '../refusals';
import type { Decisions } from '../section';
import type { InstanceFacts } from '../spec';
import { later } from '../../kernel/time';
import type { Instance, Operation } from '../state';
import { confirmationOf, confirmResize } from './after-a-move';
import { followOff } from './follow-guest';
import type { Power, TaskState, VmState } from '../states';
import { taskState } from '../task-state';
import {
  type AnyHostOperation,
  type AnyImmediateOperation,
  type AnyOperation,
  hostOperationNamed,
  operationAskedBy,
  type OperationCommand,
  powerIn,
  targetOf,
} from './index';
import { isInMemory, isOn, restore, restoring } from './restore';
import type { OperationEvent } from './steps';

/** How a job ended, and whether the host restarted before it could report that. */
export interface Ended {
  readonly facts: InstanceFacts;
  readonly restarted: Restarted | null;
}

interface OfLeg {
  readonly operationId: string;
  /** The leg that the outcome is of, from 0; -1 for the way back. Absent: whichever is under way. */
  readonly leg?: number;
}

/** Commands that record the outcome of an operation's job, that it found no host, or how far its host is. */
export interface OutcomeCommands {
  readonly RecordOperationDone: Ended & OfLeg;
  /** A step that is known already, or that its leg has no task for, changes nothing. */
  readonly RecordOperationProgress: OfLeg & { readonly step: JobStep };
  readonly RecordOperationFailed: OfLeg & {
    readonly code: string;
    readonly message: string;
    /** True, or absent, when another host could not do it either. */
    readonly permanent?: boolean;
  };
}

/** Decides the commands of all operations in the table. */
export function decideOperation(
  command: OperationCommand,
  state: Instance,
  context: Context,
): readonly InstanceEvent[] {
  const operation = operationAskedBy(command);
  if (operation.kind !== 'host') return happen(operation, command.data, state, context);
  const begun = begin(operation, command.data, state, context);
  return begun.length === 0 && command.type === restore.command ? noted(command.data, state, context) : begun;
}

/** A restart of the host that an operation under way has ignored: it must be known where that fails. */
function noted(
  asked: Parameters<typeof restore.accept>[0],
  state: Instance,
  { commandId }: Context,
): readonly InstanceEvent[] {
  const { operation, vmState } = state;
  if (operation === undefined || operation.operationId === commandId || !isInMemory(vmState)) return [];
  const restarted = restore.accept(asked, state);
  if (restarted === null || operation.restarted?.bootId === restarted.bootId) return [];
  return [{ type: 'instance.host-restart-noted.v1', data: { operationId: operation.operationId, ...restarted } }];
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
  if (input === null) return [];
  const former = operation.closesWayBack ? confirmationOf(state) : null;
  return [...(former === null ? [] : [confirmResize.happen(former)]), operation.begin(input, commandId)];
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
  const refusal = refusalByState(operation, asked, state);
  if (refusal !== undefined) return refusal;
  const { kind, title } = operation;
  if (kind !== 'host' || state.host !== undefined) return undefined;
  const findsHost = state.everLaunched && searchNeeded(operation, state)?.disks === 'made';
  return findsHost ? undefined : neverLaunched(title);
}

/** Why a server that is in such a state, or does such a task, does not take an operation. */
export function refusalByState(operation: AnyOperation, asked: object, state: Instance): DomainError | undefined {
  const { title } = operation;
  const { vmStates, vmStatesWithWayBack = [], tasks = [] } = operation.allowed(asked);
  const { vmState, former } = state;
  const task = taskState(state);
  const isAllowed = vmStates === 'any' || vmStates.includes(vmState);
  if (!isAllowed && !(former !== undefined && vmStatesWithWayBack.includes(vmState)))
    return invalidState(title, state, 'vm_state', vmState);
  if (tasks !== 'any' && task !== null && !tasks.includes(task)) return invalidState(title, state, 'task_state', task);
  return undefined;
}

const isOf = ({ operation }: Instance, { operationId, leg }: OfLeg): boolean =>
  operation?.operationId === operationId && (leg === undefined || leg === stageOf(operation));

/** -1 before the first step. */
const orderOf = (step: JobStep | undefined): number => (step === undefined ? -1 : JOB_STEPS.indexOf(step));

/** The task until the host of a leg tells of its first step, where that is another than the leg's. */
const owedTask = (running: Operation): TaskState | undefined =>
  running.process === undefined ? undefined : legOf(running).owed;

export const outcomeDecisions: Decisions<OutcomeCommands> = {
  RecordOperationDone(data, state, context) {
    const { operation: running } = state;
    if (running === undefined || !isOf(state, data)) return [];
    const { operationId, facts, restarted } = data;
    const operation = hostOperationNamed(running.name);
    const { name: kind } = operation;
    const restored = (vmState: VmState, power: Power): readonly InstanceEvent[] =>
      isInMemory(vmState) && isOn(power) ? restoreAfter(restarted, vmState, context) : [];
    const leg = (running.leg ?? 0) + 1;
    const advanced = (task?: TaskState): InstanceEvent => ({
      type: 'instance.operation-advanced.v1',
      data: { operationId, kind, leg, facts, ...(task === undefined ? {} : { task }) },
    });
    if (running.undone !== undefined) {
      if (leg < undoLegs(state, running).length) return [advanced()];
      const failed = { type: 'instance.operation-failed.v1', data: { operationId, kind, ...running.undone } } as const;
      return [failed, ...restored(state.vmState, powerIn(state))];
    }
    if (!isLastLeg(running)) return [advanced(owedTask({ ...running, leg }))];
    const done = operation.end(operationId, facts, standingAfter(state));
    const { vmState, power } = targetOf(operation, state);
    return [done, ...restored(vmState, power), ...(restarted === null ? leftOff(running, facts, context) : [])];
  },

  RecordOperationProgress({ step, ...data }, state) {
    const { operation: running } = state;
    if (running === undefined || running.undone !== undefined || !isOf(state, data)) return [];
    const task = legOf(running).told?.[step];
    if (task === undefined || orderOf(step) <= orderOf(running.told)) return [];
    const { operationId } = data;
    const { name: kind } = hostOperationNamed(running.name);
    return [{ type: 'instance.operation-progressed.v1', data: { operationId, kind, step, task } }];
  },

  RecordOperationFailed(data, state, { at }) {
    const { code, message, permanent = true } = data;
    return isOf(state, data) ? failing(state, { code, message, permanent }, at) : [];
  },
};

/** Stops the server whose guest a restart of its host has ended, and that is not to be started again. */
function leftOff(
  { name, input }: Operation,
  { power }: InstanceFacts,
  { commandId, at }: Context,
): readonly InstanceEvent[] {
  const isLeftOff = name === restore.name && 'resume' in input && power === 'stopped';
  if (!isLeftOff) return [];
  const cause = 'Its host has restarted, and does not start guests again.';
  return [followOff.begin({ cause, notAfter: later(at, followOff.limitMs) }, deriveId(commandId, 'follow'))];
}

/**
 * Starts the guest again if its host finished the job, lost power and reports only now. The notice of the restart came
 * before the operation's end, so the server ignored it.
 */
export const restoreAfter = (
  restarted: Restarted | null,
  vmState: VmState,
  { commandId }: Context,
): readonly OperationEvent[] => (restarted === null ? [] : [restoring(restarted, vmState, commandId)]);

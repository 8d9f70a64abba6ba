import type { Context } from '../../kernel/aggregate';
import { snapshotDebts, supersededDebts, withDebts } from '../debts';
import { withoutRequested } from '../interfaces/changes';
import { snapshotImageId } from '../snapshot/image';
import { searchNeeded } from '../move/course';
import { moved, settled } from '../move/settle';
import { withoutTarget } from '../move/evolve';
import { newPlacement } from '../placement/placement';
import type { Instance } from '../state';
import { targetOf } from './index';
import { type OperationEvent, type OperationStep, operationStep } from './steps';

type Stage<S extends OperationStep['stage']> = Extract<OperationStep, { readonly stage: S }>;

/** Folds the events of all operations in the table. */
export function evolveOperation(state: Instance, event: OperationEvent, context: Context): Instance {
  const step = operationStep(event);
  switch (step.stage) {
    case 'begun':
      return begun(state, step, context.at);
    case 'ended':
      return ended(state, step, context.at);
    case 'failed':
      return failed(state, step, context.at);
    case 'happened':
      return step.operation.evolve(state, step.event.data, context);
  }
}

function begun(before: Instance, step: Stage<'begun'>, at: string): Instance {
  const state = withoutRequested(before);
  const { operation, process, operationId, notAfter, input } = step;
  const { name } = operation;
  const search = searchNeeded(operation, state);
  const disturbed = operation.disturbs(state) ? ({ disturbed: true } as const) : {};
  const image = { imageId: snapshotImageId(operationId), stage: 'asked' } as const;
  const snapshot = operation.snapshot === undefined ? {} : { snapshot: image };
  const after: Instance = {
    ...state,
    placement:
      search === undefined ? state.placement : newPlacement(search.purpose, notAfter, search.among?.(input, state)),
    generation: state.generation + 1,
    operation: { name, operationId, notAfter, input, ...disturbed, ...snapshot, ...(process === 1 ? {} : { process }) },
    debts: withDebts(state.debts, snapshotDebts(state)), // of an operation that this one takes the place of
  };
  return operation.begins(after, input, operationId, at);
}

function ended(state: Instance, step: Stage<'ended'>, at: string): Instance {
  const { operation, operationId } = step;
  return operation.ends(reached(state, step), state.operation?.input ?? {}, { operationId, at });
}

function reached(state: Instance, { operation, now }: Stage<'ended'>): Instance {
  const debts = withDebts(state.debts, supersededDebts(state, operation.snapshot));
  if (now !== undefined) return { ...moved({ ...state, debts }, now, operation.leaves ?? 'nothing'), fault: undefined };
  const { vmState } = targetOf(operation, state);
  const fault = vmState === 'error' ? state.fault : undefined; // what leaves a server in error does not heal it
  return { ...state, vmState, operation: undefined, debts, fault };
}

function failed(
  before: Instance,
  { operation, operationId, code, message, lost }: Stage<'failed'>,
  at: string,
): Instance {
  const stayed = typeof operation.goes === 'object' ? settled(before, withoutTarget(before)) : before;
  const state = lost ? stayed : operation.reverts(stayed, before.operation?.input ?? {}, operationId);
  const debts = withDebts(state.debts, snapshotDebts(state));
  const rest = { ...state, operation: undefined, placement: undefined, debts };
  return operation.failure === 'unchanged' && !lost
    ? rest
    : { ...rest, vmState: 'error', fault: { code, message, at } };
}

import type { Context } from '../../kernel/aggregate';
import { snapshotDebts, supersededDebts, withDebts } from '../debts';
import { snapshotImageId } from '../snapshot/image';
import type { Instance } from '../state';
import { targetOf } from './index';
import { type OperationEvent, operationStep } from './steps';

/** Folds the events of all operations in the table. */
export function evolveOperation(state: Instance, event: OperationEvent, context: Context): Instance {
  const step = operationStep(event);
  switch (step.stage) {
    case 'begun': {
      const { operation, operationId, notAfter, input } = step;
      const underWay = { name: operation.name, operationId, notAfter, input };
      const snapshot = { imageId: snapshotImageId(operationId), stage: 'asked' } as const;
      const begun: Instance = {
        ...state,
        generation: state.generation + 1,
        operation: operation.snapshot === undefined ? underWay : { ...underWay, snapshot },
        debts: withDebts(state.debts, snapshotDebts(state)), // of an operation that this one takes the place of
      };
      return operation.begins(begun, input, operationId);
    }
    case 'ended': {
      const { vmState } = targetOf(step.operation, state.vmState);
      const debts = withDebts(state.debts, supersededDebts(state, step.operation.snapshot));
      return { ...state, vmState, operation: undefined, debts, fault: undefined };
    }
    case 'failed': {
      const debts = withDebts(state.debts, snapshotDebts(state));
      if (step.operation.failure === 'unchanged') return { ...state, operation: undefined, debts };
      const { code, message } = step;
      return { ...state, vmState: 'error', operation: undefined, debts, fault: { code, message, at: context.at } };
    }
    case 'happened':
      return step.operation.evolve(state, step.event.data, context);
  }
}

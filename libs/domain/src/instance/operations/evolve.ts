import type { Context } from '../../kernel/aggregate';
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
      return { ...state, generation: state.generation + 1, operation: underWay };
    }
    case 'ended': {
      const { vmState } = targetOf(step.operation, state.vmState);
      return { ...state, vmState, operation: undefined, fault: undefined };
    }
    case 'failed': {
      if (step.operation.failure === 'unchanged') return { ...state, operation: undefined };
      const { code, message } = step;
      return { ...state, vmState: 'error', operation: undefined, fault: { code, message, at: context.at } };
    }
    case 'happened':
      return step.operation.evolve(state, step.event.data, context);
  }
}

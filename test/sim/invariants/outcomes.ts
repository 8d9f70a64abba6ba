import {
  type Instance,
  type InstanceEvent,
  isOperationEvent,
  type OperationStep,
  operationStep,
  type StreamRef,
} from '@cairn/domain';

import type { Rule } from './rule';

/** What came to an end had begun, and had not ended before: no result counts twice, and none for something else. */
export const outcomesAreOfWhatIsOwed: Rule = ({ event, ref, before }) => {
  if (ref.category !== 'instance') return undefined;
  const { placement, operation, debts } = before as Instance;
  const recorded = { type: event.type, data: event.data } as unknown as InstanceEvent;
  if (isOperationEvent(recorded)) return wrongOutcome(operationStep(recorded), recorded.type, ref, operation);
  switch (recorded.type) {
    case 'instance.launched.v1':
    case 'instance.launch-attempt-failed.v1':
    case 'instance.launch-failed.v1':
      return placement === undefined ? `${recorded.type} of ${ref.id}, which was not being launched` : undefined;
    case 'instance.released.v1':
    case 'instance.removal-failed.v1':
      if (debts.some(({ id }) => id === recorded.data.debtId)) return undefined;
      return `${recorded.type} of ${ref.id}: it did not owe ${recorded.data.debtId}`;
    default:
      return undefined;
  }
};

function wrongOutcome(
  step: OperationStep,
  type: string,
  { id }: StreamRef,
  underWay: Instance['operation'],
): string | undefined {
  if (step.stage !== 'ended' && step.stage !== 'failed') return undefined;
  if (underWay?.operationId === step.operationId) return undefined;
  return `${type} of ${id} ends ${step.operationId}, under way was ${underWay?.operationId ?? 'nothing'}`;
}

import type { Instance, InstanceEvent } from '@cairn/domain';

import type { Rule } from './rule';

/** What came to an end had begun, and had not ended before: no result counts twice, and none for something else. */
export const outcomesAreOfWhatIsOwed: Rule = ({ event, ref, before }) => {
  if (ref.category !== 'instance') return undefined;
  const { launch, operation, debts } = before as Instance;
  const { type, data } = { type: event.type, data: event.data } as unknown as InstanceEvent;
  switch (type) {
    case 'instance.launched.v1':
    case 'instance.launch-attempt-failed.v1':
    case 'instance.launch-failed.v1':
      return launch === undefined ? `${type} of ${ref.id}, which was not being launched` : undefined;
    case 'instance.stopped.v1':
    case 'instance.started.v1':
    case 'instance.rebooted.v1':
    case 'instance.restored.v1':
    case 'instance.operation-failed.v1':
      if (operation?.operationId === data.operationId) return undefined;
      return `${type} of ${ref.id} ends ${data.operationId}, under way was ${operation?.operationId ?? 'nothing'}`;
    case 'instance.released.v1':
    case 'instance.removal-failed.v1':
      if (debts.some(({ id }) => id === data.debtId)) return undefined;
      return `${type} of ${ref.id}: it did not owe ${data.debtId}`;
    default:
      return undefined;
  }
};

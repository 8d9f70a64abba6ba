import { addressDebts, hostDebts, quotaDebt, withDebts } from '../debts';
import type { Instance } from '../state';
import { immediateOperation, type Nothing } from './definition';

interface Deletion {
  readonly process: 1;
  readonly operationId: string;
}

/** Ends the server, in whatever state it is. It is gone once all that it holds is given back (`../debts.ts`). */
export const deleteServer = immediateOperation({
  name: 'delete',
  past: 'deletion-requested',
  allowed: { vmStates: 'any', tasks: 'any' },
  decide: (_nothing: Nothing, { deletion }, { commandId }): Deletion | null =>
    deletion === undefined ? { process: 1, operationId: commandId } : null,
  evolve(instance: Instance, { operationId }): Instance {
    const generation = instance.generation + 1;
    const debts = withDebts(instance.debts, [
      ...hostDebts(instance, generation),
      ...addressDebts(instance),
      quotaDebt(instance.request?.instanceId ?? ''),
    ]);
    return { ...instance, deletion: { operationId }, launch: undefined, operation: undefined, generation, debts };
  },
});

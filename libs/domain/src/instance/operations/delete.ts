import { detaching } from '../attachments';
import {
  hostDebts,
  interfaceDebts,
  membershipDebts,
  quotaDebt,
  shelvedDebts,
  snapshotDebts,
  withDebts,
} from '../debts';
import { withoutRequested } from '../interfaces/changes';
import { hostOf, type Instance } from '../state';
import { immediateOperation, type Nothing } from './definition';

interface Deletion {
  readonly process: 1;
  readonly operationId: string;
}

/** Deletes the server, in any state. It is gone once it has given back all that it holds (`../debts.ts`). */
export const deleteServer = immediateOperation({
  name: 'delete',
  past: 'deletion-requested',
  meaning: 'Somebody asked to delete the server; from here on it only gives back what it holds.',
  allowed: { vmStates: 'any', tasks: 'any' },
  decide: (_nothing: Nothing, { deletion }, { commandId }): Deletion | null =>
    deletion === undefined ? { process: 1, operationId: commandId } : null,
  evolve(before: Instance, { operationId }): Instance {
    const instance = withoutRequested(before); // its claim has the deadline of its operation, not the launch's
    const generation = instance.generation + 1;
    // a host that clears it away already is asked once: it would refuse the older of two removals
    const hosts = instance.offloading === true ? [] : hostDebts({ ...instance, deletion: { operationId } }, generation);
    const debts = withDebts(instance.debts, [
      ...hosts,
      ...interfaceDebts(instance),
      ...membershipDebts(instance),
      ...snapshotDebts(instance),
      ...shelvedDebts(instance),
      quotaDebt(instance.request?.instanceId ?? ''),
    ]);
    return {
      ...instance,
      deletion: { operationId },
      placement: undefined,
      host: hostOf(instance), // clients see it to the end
      former: undefined,
      operation: undefined,
      interfaces: detaching(instance.interfaces),
      generation,
      debts,
    };
  },
});

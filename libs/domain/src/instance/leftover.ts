import { deriveId } from '../ids';
import { withDebts } from './debts';
import type { Decisions, Folds } from './section';

/** Clears away what is left of a deleted server on a host (nova's `running_deleted_instance_action`). */
export interface LeftoverCommands {
  /** The host has a domain of the server, which it should not have. `found` is the id of its report. */
  readonly RecordLeftover: { readonly hostId: string; readonly found: string };
}

export interface LeftoverEvents {
  /** A host has a domain of the deleted server. It is to be removed there. */
  readonly 'instance.leftover-found.v1': { readonly hostId: string; readonly debtId: string };
}

export const leftoverDecisions: Decisions<LeftoverCommands> = {
  /** The debts of a server that is not deleted settle what it has on its hosts. */
  RecordLeftover({ hostId, found }, { vmState, request, debts }) {
    if (vmState !== 'deleted' || request === undefined || debts.some((debt) => debt.kind === 'domain')) return [];
    const debtId = deriveId(request.instanceId, 'leftover', found);
    return [{ type: 'instance.leftover-found.v1', data: { hostId, debtId } }];
  },
};

export const leftoverFolds: Folds<LeftoverEvents> = {
  'instance.leftover-found.v1'(state, { hostId, debtId: id }) {
    const { generation } = state;
    const debts = withDebts(state.debts, [{ id, kind: 'domain', hostId, generation, attempt: 1, notBefore: null }]);
    return { ...state, debts };
  },
};

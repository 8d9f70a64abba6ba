import { nextAttempt } from '../kernel/attempts';
import type { Instant } from '../kernel/time';
import { released } from './attachments';
import { endsOffload } from './offload';
import type { Decisions, Folds } from './section';
import { type Debt, type Instance, isRemoval } from './state';

/** Records each release of something that the instance held (`debts.ts`), and its deletion after the last one. */
export interface ReturnCommands {
  readonly RecordReleased: { readonly debtId: string };
  readonly RecordRemovalFailed: RemovalFailure;
}

interface RemovalFailure {
  readonly debtId: string;
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

export interface ReturnEvents {
  /** The instance has given back one thing: a domain or disks on a host, a claim, an address, its quota or some of it. */
  readonly 'instance.released.v1': { readonly debtId: string; readonly kind: Debt['kind'] };
  /** The host could not remove the domain or disks. The instance still owes the removal, as a new attempt. */
  readonly 'instance.removal-failed.v1': RemovalFailure;
  readonly 'instance.deleted.v1': { readonly instanceId: string };
}

export const returnDecisions: Decisions<ReturnCommands> = {
  RecordReleased({ debtId }, state) {
    const { debts, deletion, request, vmState } = state;
    const debt = debts.find(({ id }) => id === debtId);
    if (debt === undefined) return [];
    const released = { type: 'instance.released.v1', data: { debtId, kind: debt.kind } } as const;
    if (debt.kind === 'domain' && endsOffload(state, debtId))
      return [released, { type: 'instance.offloaded.v1', data: {} }];
    if (deletion === undefined || vmState === 'deleted' || debts.length > 1) return [released];
    return [released, { type: 'instance.deleted.v1', data: { instanceId: request?.instanceId ?? '' } }];
  },

  RecordRemovalFailed(data, { debts }) {
    const debt = debts.find(({ id }) => id === data.debtId);
    return debt !== undefined && isRemoval(debt) && debt.attempt === data.attempt
      ? [{ type: 'instance.removal-failed.v1', data }]
      : [];
  },
};

export const returnFolds: Folds<ReturnEvents> = {
  'instance.released.v1'(state, { debtId }) {
    const debt = state.debts.find(({ id }) => id === debtId);
    const debts = state.debts.filter(({ id }) => id !== debtId);
    return debt?.kind === 'address'
      ? { ...state, debts, interfaces: released(state.interfaces, debt.claimId) }
      : { ...state, debts };
  },

  'instance.removal-failed.v1': (state, failed, { at }) => ({
    ...state,
    debts: state.debts.map((debt) => (debt.id === failed.debtId ? triedAgain(debt, failed.attempt, at, state) : debt)),
  }),

  'instance.deleted.v1': (state) => ({ ...state, vmState: 'deleted' }),
};

function triedAgain(debt: Debt, failedAttempt: number, at: Instant, { generation }: Instance): Debt {
  if (!isRemoval(debt)) return debt;
  const next = nextAttempt(failedAttempt, at);
  // the server lives on where only disks go: its host may have seen a newer generation, and refuses older ones
  return debt.kind === 'disks' ? { ...debt, ...next, generation } : { ...debt, ...next };
}

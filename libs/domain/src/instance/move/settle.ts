import { deriveId } from '../../ids';
import type { Amounts } from '../../quota/resources';
import { debtsTo, withDebts } from '../debts';
import { greaterOf, sameAmounts, sizeAmounts } from '../quota';
import { requestOf } from '../spec-of';
import { type Standing, standingOf, withStanding } from '../standing';
import type { Debt, Instance } from '../state';

/** What the quota must hold for the server while it is, or may again become, one or the other. */
const neededBy = (...flavors: readonly Standing['flavor'][]): Amounts =>
  flavors.map((flavor) => sizeAmounts(flavor)).reduce(greaterOf);

/** What the quota holds for the server. */
export const heldFor = (state: Instance): Amounts => state.reserved ?? sizeAmounts(requestOf(state).flavor);

/**
 * The server after a move, or with the way back closed: gives up what it does not need any more of its former hosts and
 * of its quota.
 */
export function moved(before: Instance, now: Standing, leaves: 'nothing' | 'a way back'): Instance {
  const { confirmAt: _over, ...state } = before;
  const here = standingOf(state);
  const former = leaves === 'a way back' ? here : undefined;
  const generation = state.generation + 1;
  const after = { ...withStanding(state, now), former, placement: undefined, operation: undefined, generation };
  const kept = [now.host.claimId, former?.host.claimId];
  const left = [here?.host, state.former?.host, state.placement?.target].filter(
    (host) => host !== undefined && !kept.includes(host.claimId),
  );
  const debts = left.flatMap((host) => debtsTo(host, { ...after, placement: state.placement }, generation));
  return settled(state, { ...after, debts: withDebts(state.debts, debts) });
}

/** Settles what the quota holds for the server. */
export function settled(before: Instance, after: Instance): Instance {
  const { flavor } = requestOf(after);
  const wanted = after.former === undefined ? neededBy(flavor) : neededBy(flavor, after.former.flavor);
  const reserved = sameAmounts(wanted, sizeAmounts(flavor)) ? undefined : wanted;
  if (sameAmounts(heldFor(before), wanted)) return { ...after, reserved };
  const { generation: version } = after;
  const id = deriveId(requestOf(after).instanceId, 'reservation', version);
  const debt: Debt = { id, kind: 'reservation', amounts: wanted, version };
  return { ...after, reserved, debts: withDebts(after.debts, [debt]) };
}

import type { InstanceEvent } from '../events';
import type { Decisions } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import type { PlacementCommands } from './messages';
import { hostClaimId } from './placement';

/** Attempts on different hosts before a launch is given up (nova: scheduler_max_attempts). */
export const MAX_ATTEMPTS = 3;

/** Takes a scheduler's choice only while no host is chosen and nothing is left of a failed attempt. */
const awaitsChoice = ({ placement, debts }: Instance, attempt: number): boolean =>
  placement?.target === undefined && placement?.attempt === attempt - 1 && debts.length === 0;

const awaitsClaim = ({ placement }: Instance, claimId: string): boolean =>
  placement?.target?.claimId === claimId && !placement.target.claimed;

export const exhausted = (state: Instance, last: string): InstanceEvent => ({
  type: 'instance.launch-failed.v1',
  data: {
    code: 'scheduler.no-valid-host',
    message:
      `No valid host was found. Exceeded maximum number of ${String(MAX_ATTEMPTS)} attempts for instance ` +
      `${requestOf(state).instanceId}. Last reason: ${last}`,
  },
});

export const placementDecisions: Decisions<PlacementCommands> = {
  RecordHostChosen(data, state) {
    const { placement } = state;
    if (placement === undefined || !awaitsChoice(state, data.attempt)) return [];
    const claimId = hostClaimId(requestOf(state).instanceId, data.attempt);
    return [{ type: 'instance.host-chosen.v2', data: { ...data, claimId, purpose: placement.purpose } }];
  },

  RecordHostClaimed: (data, state) =>
    awaitsClaim(state, data.claimId) ? [{ type: 'instance.host-claimed.v1', data }] : [],

  RecordHostRefused(data, state) {
    if (!awaitsClaim(state, data.claimId)) return [];
    const refused: InstanceEvent = { type: 'instance.host-refused.v1', data };
    const attempt = state.placement?.target?.attempt ?? 0;
    return attempt < MAX_ATTEMPTS ? [refused] : [refused, exhausted(state, data.message)];
  },
};

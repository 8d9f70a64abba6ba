import { hostClaimId } from '../debts';
import type { InstanceEvent } from '../events';
import type { Decisions } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import type { PlacementCommands } from './messages';

/** Attempts on different hosts before a launch is given up (nova: scheduler_max_attempts). */
export const MAX_ATTEMPTS = 3;

/** True while the launch goes on and has no host: only then is a scheduler's choice of use. */
const awaitsChoice = (state: Instance): boolean =>
  state.launch !== undefined && state.host === undefined && state.debts.length === 0;

const awaitsClaim = ({ launch, host }: Instance, claimId: string): boolean =>
  launch !== undefined && host?.claimId === claimId && !host.claimed;

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
    if (!awaitsChoice(state) || data.attempt !== (state.launch?.attempt ?? 0) + 1) return [];
    const claimId = hostClaimId(requestOf(state).instanceId, data.attempt);
    return [{ type: 'instance.host-chosen.v1', data: { ...data, claimId } }];
  },

  RecordHostClaimed: (data, state) =>
    awaitsClaim(state, data.claimId) ? [{ type: 'instance.host-claimed.v1', data }] : [],

  RecordHostRefused(data, state) {
    if (!awaitsClaim(state, data.claimId)) return [];
    const refused: InstanceEvent = { type: 'instance.host-refused.v1', data };
    return (state.host?.attempt ?? 0) < MAX_ATTEMPTS ? [refused] : [refused, exhausted(state, data.message)];
  },
};

import type { InstanceEvent } from '../events';
import { failing } from '../move/decide';
import { hostOperationNamed, type HostOperationName } from '../operations';
import type { Decisions } from '../section';
import { requestOf } from '../spec-of';
import { type Instance, isLaunching } from '../state';
import type { PlacementCommands } from './messages';
import { hostClaimId, MAX_ATTEMPTS, noHostLeft, searchId } from './placement';

/** Takes a scheduler's choice only while no host is chosen and, of a launch, nothing is left of a failed attempt. */
const awaitsChoice = (state: Instance, attempt: number): boolean =>
  state.placement?.target === undefined &&
  state.placement?.attempt === attempt - 1 &&
  (state.debts.length === 0 || !isLaunching(state));

const awaitsClaim = ({ placement }: Instance, claimId: string): boolean =>
  placement?.target?.claimId === claimId && !placement.target.claimed;

export const exhausted = (state: Instance, last: string): InstanceEvent => ({
  type: 'instance.launch-failed.v1',
  data: noHostLeft(requestOf(state).instanceId, last),
});

/** The operation that the server is placed for; nothing for a launch. */
const placedFor = ({ operation }: Instance): { readonly kind?: HostOperationName } =>
  operation === undefined ? {} : { kind: hostOperationNamed(operation.name).name };

export const placementDecisions: Decisions<PlacementCommands> = {
  RecordHostChosen(data, state) {
    const { placement } = state;
    if (placement === undefined || !awaitsChoice(state, data.attempt)) return [];
    const claimId = hostClaimId(searchId(state), data.attempt);
    return [{ type: 'instance.host-chosen.v2', data: { ...data, claimId, purpose: placement.purpose } }];
  },

  RecordHostClaimed: (data, state) =>
    awaitsClaim(state, data.claimId)
      ? [{ type: 'instance.host-claimed.v1', data: { ...data, ...placedFor(state) } }]
      : [],

  RecordHostRefused(data, state, { at }) {
    if (!awaitsClaim(state, data.claimId)) return [];
    const refused: InstanceEvent = { type: 'instance.host-refused.v1', data: { ...data, ...placedFor(state) } };
    const attempt = state.placement?.target?.attempt ?? 0;
    if (attempt < MAX_ATTEMPTS) return [refused];
    if (isLaunching(state)) return [refused, exhausted(state, data.message)];
    return [refused, ...failing(state, { ...data, permanent: false }, at)];
  },
};

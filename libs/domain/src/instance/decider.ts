import type { Context, Decider } from '../kernel/aggregate';
import { entryOf, type MessageOf } from '../kernel/messages';
import type { InstanceCommand, InternalCommands } from './commands';
import type { InstanceEvent } from './events';
import { evolve } from './evolve';
import { membershipDecisions } from './groups/membership';
import { floatingDecisions } from './interfaces/floating';
import { interfaceDecisions } from './interfaces/interfaces';
import { placesDecisions } from './interfaces/places';
import { launchDecisions } from './launch/decide';
import { confirmDecisions } from './move/confirm';
import { leftoverDecisions } from './leftover';
import { moveDecisions } from './move/decide';
import { isOperationCommand } from './operations';
import { offloadDecisions } from './offload';
import { decideOperation, outcomeDecisions } from './operations/decide';
import { placementDecisions } from './placement/decide';
import { reclaimDecisions } from './reclaim';
import { rescueEndDecisions } from './rescue-end';
import { returnDecisions } from './returns';
import type { Decisions } from './section';
import { settlingDecisions } from './settling';
import { snapshotDecisions } from './snapshot/snapshot';
import { absent, type Instance } from './state';

const DECISIONS: Decisions<InternalCommands> = {
  ...launchDecisions,
  ...settlingDecisions,
  ...placementDecisions,
  ...interfaceDecisions,
  ...floatingDecisions,
  ...snapshotDecisions,
  ...moveDecisions,
  ...outcomeDecisions,
  ...confirmDecisions,
  ...offloadDecisions,
  ...returnDecisions,
  ...reclaimDecisions,
  ...rescueEndDecisions,
  ...leftoverDecisions,
  ...membershipDecisions,
  ...placesDecisions,
};

/** A server that is gone may be found on a host once more, and is cleared away there. */
const AFTER_DELETION: object = { ...leftoverDecisions, ...returnDecisions };

/** An answer that comes after the server is gone says nothing any more. */
function decideInternal<T extends keyof InternalCommands>(
  { type, data }: MessageOf<InternalCommands, T>,
  state: Instance,
  context: Context,
): readonly InstanceEvent[] {
  const events = entryOf(DECISIONS, type)(data, state, context);
  return state.vmState === 'deleted' && !(type in AFTER_DELETION) ? [] : events;
}

export const instanceDecider: Decider<Instance, InstanceCommand, InstanceEvent> = {
  initial: absent,
  decide: (command, state, context) =>
    isOperationCommand(command) ? decideOperation(command, state, context) : decideInternal(command, state, context),
  evolve,
};

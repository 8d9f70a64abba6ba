import type { Context } from '../kernel/aggregate';
import { entryOf, type MessageOf } from '../kernel/messages';
import type { InstanceEvent, InternalEvents } from './events';
import { membershipFolds } from './groups/membership';
import { floatingFolds } from './interfaces/floating';
import { interfaceFolds } from './interfaces/interfaces';
import { placesFolds } from './interfaces/places';
import { launchFolds } from './launch/evolve';
import { leftoverFolds } from './leftover';
import { moveFolds } from './move/evolve';
import { offloadFolds } from './offload';
import { evolveOperation } from './operations/evolve';
import { isOperationEvent } from './operations/steps';
import { placementFolds } from './placement/evolve';
import { returnFolds } from './returns';
import type { Folds } from './section';
import { settlingFolds } from './settling';
import { snapshotFolds } from './snapshot/snapshot';
import type { Instance } from './state';

const FOLDS: Folds<InternalEvents> = {
  ...launchFolds,
  ...settlingFolds,
  ...placementFolds,
  ...interfaceFolds,
  ...floatingFolds,
  ...snapshotFolds,
  ...moveFolds,
  ...offloadFolds,
  ...returnFolds,
  ...leftoverFolds,
  ...membershipFolds,
  ...placesFolds,
};

const evolveInternal = <T extends keyof InternalEvents>(
  state: Instance,
  { type, data }: MessageOf<InternalEvents, T>,
  context: Context,
): Instance => entryOf(FOLDS, type)(state, data, context);

/** Folds one event. Never throws on known history. */
export const evolve = (state: Instance, event: InstanceEvent, context: Context): Instance =>
  isOperationEvent(event) ? evolveOperation(state, event, context) : evolveInternal(state, event, context);

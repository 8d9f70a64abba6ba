import { hostOperationNamed, type HostOperationName } from '../operations';
import type { Decisions, Folds } from '../section';
import { SNAPSHOT_STAGES, type SnapshotStage } from './image';

/** How far the image of a running operation is. */
export interface SnapshotCommands {
  /** Another image than the running operation's, or an earlier stage, changes nothing. */
  readonly RecordSnapshotProgress: { readonly imageId: string; readonly stage: Exclude<SnapshotStage, 'asked'> };
}

export interface SnapshotEvents {
  readonly 'instance.snapshot-progressed.v1': {
    readonly operationId: string;
    /** The operation's name. */
    readonly kind: HostOperationName;
    readonly imageId: string;
    readonly stage: SnapshotStage;
  };
}

const orderOf = (stage: SnapshotStage): number => SNAPSHOT_STAGES.indexOf(stage);

export const snapshotDecisions: Decisions<SnapshotCommands> = {
  RecordSnapshotProgress({ imageId, stage }, { operation }) {
    const snapshot = operation?.snapshot;
    if (operation?.undone !== undefined || snapshot?.imageId !== imageId) return [];
    if (orderOf(stage) <= orderOf(snapshot.stage) || operation === undefined) return [];
    const { operationId } = operation;
    const kind = hostOperationNamed(operation.name).name;
    return [{ type: 'instance.snapshot-progressed.v1', data: { operationId, kind, imageId, stage } }];
  },
};

export const snapshotFolds: Folds<SnapshotEvents> = {
  'instance.snapshot-progressed.v1': (state, { imageId, stage }) =>
    state.operation === undefined
      ? state
      : { ...state, operation: { ...state.operation, snapshot: { imageId, stage } } },
};

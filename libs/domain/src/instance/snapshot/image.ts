import { deriveId } from '../../ids';
import type { ImageRecord } from '../../image';
import type { TaskState } from '../states';

/** The image that an operation makes of the root disk, as the request describes it. Its form follows with its bits. */
export type SnapshotImage = Pick<
  ImageRecord,
  'projectId' | 'name' | 'visibility' | 'minDiskGb' | 'minRamMb' | 'properties'
>;

/** `asked`: the image is not known yet. `made`: it is known. The host then copies the disk, and sends the copy. */
export const SNAPSHOT_STAGES = ['asked', 'made', 'copying', 'uploading'] as const;
export type SnapshotStage = (typeof SNAPSHOT_STAGES)[number];

/** nova's tasks of operations that make an image and change nothing else. */
export const SNAPSHOT_TASKS: readonly TaskState[] = [
  'image_snapshot_pending',
  'image_snapshot',
  'image_pending_upload',
  'image_uploading',
  'image_backup',
];

/** Copying and sending a disk takes as long as disk and network take. In milliseconds. */
export const SNAPSHOT_LIMIT_MS = 6 * 3_600_000;

/** The snapshot that is part of a running operation. */
export interface SnapshotUnderWay {
  readonly imageId: string;
  readonly stage: SnapshotStage;
}

/** What an operation that makes an image says of it. */
export interface SnapshotPart<Input> {
  image(input: Input): SnapshotImage;
  /** Images that nobody wants any more once this one is there. Default: none. */
  superseded?(input: Input, imageId: string): readonly string[];
  /** nova's task in each stage. */
  readonly tasks: Readonly<Record<SnapshotStage, TaskState>>;
}

/** The id of the image that an operation makes: the same at every try. */
export const snapshotImageId = (operationId: string): string => deriveId(operationId, 'image');

export const newImageRecord = (imageId: string, image: SnapshotImage): ImageRecord => ({
  ...image,
  imageId,
  diskFormat: null,
  containerFormat: null,
  protected: false,
  tags: [],
});

import { SNAPSHOT_LIMIT_MS, type SnapshotImage } from '../snapshot/image';
import { type Quiesced, quiesceOf } from '../snapshot/quiesce';
import { irregularHostOperation } from './definition';
import type { OperationJob } from './moving';

interface CreateImage {
  readonly image: SnapshotImage;
}

/** The job, with what it has to do before it copies. */
const copying = ({ quiesce }: CreateImage & Quiesced): OperationJob => ({
  kind: 'snapshot-instance',
  ...(quiesce === undefined ? {} : { payload: { quiesce } }),
});

/**
 * Makes an image of the root disk as it is at one moment. The guest goes on. If it fails, the server is as before and
 * there is no image.
 */
export const createImage = irregularHostOperation(
  {
    command: 'SnapshotInstance',
    requested: 'instance.snapshot-requested.v1',
    accept: (asked: CreateImage & { readonly notAfter: string }, instance) => ({ ...asked, ...quiesceOf(instance) }),
  },
  {
    name: 'createImage',
    past: 'snapshotted',
    meaning: 'The root disk of the server is in the image that was asked for.',
    requestMeaning: 'Somebody asked for an image of the root disk of the server.',
    allowed: { vmStates: ['active', 'stopped', 'paused', 'suspended'] },
    task: 'image_snapshot_pending',
    job: copying,
    target: 'unchanged',
    failure: 'unchanged',
    limitMs: SNAPSHOT_LIMIT_MS,
    snapshot: {
      image: ({ image }) => image,
      tasks: {
        asked: 'image_snapshot_pending',
        made: 'image_snapshot',
        copying: 'image_pending_upload',
        uploading: 'image_uploading',
      },
    },
  },
);

interface CreateBackup extends CreateImage {
  /** Backups that go once this one is there. */
  readonly rotated: readonly string[];
  /** False for a backup that itself goes as soon as it is there: of its type none is to stay. */
  readonly kept: boolean;
}

/** The same, and then the oldest backups of the same type go. */
export const createBackup = irregularHostOperation(
  {
    command: 'BackUpInstance',
    requested: 'instance.backup-requested.v1',
    accept: (asked: CreateBackup & { readonly notAfter: string }, instance) => ({ ...asked, ...quiesceOf(instance) }),
  },
  {
    name: 'createBackup',
    past: 'backed-up',
    meaning: 'The root disk of the server is in the backup that was asked for; older backups go.',
    requestMeaning:
      'Somebody asked for a backup of the root disk of the server; the oldest ones of its type are in the event.',
    allowed: { vmStates: ['active', 'stopped', 'paused', 'suspended'] },
    task: 'image_backup',
    job: copying,
    target: 'unchanged',
    failure: 'unchanged',
    limitMs: SNAPSHOT_LIMIT_MS,
    process: 2,
    snapshot: {
      image: ({ image }) => image,
      superseded: ({ rotated, kept }: CreateBackup & Quiesced, imageId) => (kept ? rotated : [...rotated, imageId]),
      tasks: {
        asked: 'image_backup',
        made: 'image_backup',
        copying: 'image_pending_upload',
        uploading: 'image_uploading',
      },
    },
  },
);

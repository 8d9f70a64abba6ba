import { type Aggregate, type Context, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import type { Instant } from '../kernel/time';
import { imageEvents } from './catalogue';

export const VISIBILITIES = ['community', 'public', 'private', 'shared'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface ImageRecord {
  readonly imageId: string;
  /** The project that owns it. */
  readonly projectId: string;
  readonly name: string | null;
  readonly visibility: Visibility;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly minDiskGb: number;
  readonly minRamMb: number;
  readonly protected: boolean;
  readonly tags: readonly string[];
  /** Everything else that Glance lets a user set; `kernel_id` and `ramdisk_id` name the other two of a triple. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A stored blob: `blobs/sha256/<sha256>`, fsynced before the image is active. */
export interface ImageBlob {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly sha512: string;
  readonly md5: string;
}

/** What the bits are that a host is about to send. */
export interface ImageForm {
  readonly diskFormat: string;
  readonly containerFormat: string;
}

export type ImageChanges = Partial<Omit<ImageRecord, 'imageId'>>;

export type ImageCommand =
  | { readonly type: 'CreateImage'; readonly data: ImageRecord }
  | { readonly type: 'UpdateImage'; readonly data: ImageChanges }
  | { readonly type: 'BeginImageUpload'; readonly data: ImageForm }
  | { readonly type: 'RecordImageUploaded'; readonly data: ImageBlob }
  /** Makes sure that an image which never got its bits does not come to be; one that has them stays. */
  | { readonly type: 'AbandonImage'; readonly data: { readonly imageId: string } }
  | { readonly type: 'DeleteImage'; readonly data: Record<string, never> };

export type ImageEvent =
  | { readonly type: 'image.created.v1'; readonly data: ImageRecord }
  | { readonly type: 'image.updated.v1'; readonly data: ImageChanges }
  | { readonly type: 'image.upload-begun.v1'; readonly data: ImageForm }
  | { readonly type: 'image.uploaded.v1'; readonly data: ImageBlob }
  | { readonly type: 'image.abandoned.v1'; readonly data: { readonly imageId: string } }
  | { readonly type: 'image.deleted.v1'; readonly data: { readonly imageId: string } };

export interface Image {
  readonly status: 'absent' | 'queued' | 'saving' | 'active' | 'deleted';
  readonly record: ImageRecord | undefined;
  readonly blob: ImageBlob | undefined;
  /** Times of the first and the last event; null while absent. */
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
}

function decide(command: ImageCommand, state: Image): readonly ImageEvent[] {
  if (command.type === 'CreateImage') {
    if (state.status !== 'absent') {
      throw new DomainError('conflict', 'image.exists', `Image ID ${command.data.imageId} already exists!`);
    }
    return [{ type: 'image.created.v1', data: command.data }];
  }
  if (command.type === 'AbandonImage') return abandon(command.data.imageId, state);
  const { record } = state;
  if (record === undefined || state.status === 'deleted') {
    throw new DomainError('not-found', 'image.not-found', 'No image found.');
  }
  switch (command.type) {
    case 'UpdateImage': {
      const changed = Object.entries(command.data).filter(
        ([key, value]) => JSON.stringify(record[key as keyof ImageChanges]) !== JSON.stringify(value),
      );
      if (state.status !== 'queued' && changed.some(([key]) => key === 'diskFormat' || key === 'containerFormat')) {
        throw new DomainError(
          'forbidden',
          'image.format-frozen',
          'Attribute container_format or disk_format can be only replaced for a queued image.',
        );
      }
      return changed.length === 0 ? [] : [{ type: 'image.updated.v1', data: Object.fromEntries(changed) }];
    }
    case 'BeginImageUpload':
      if (state.status === 'active') throw notQueued();
      return state.status === 'saving' ? [] : [{ type: 'image.upload-begun.v1', data: command.data }];
    case 'RecordImageUploaded':
      if (state.status === 'active') {
        if (state.blob?.sha256 === command.data.sha256) return [];
        throw notQueued();
      }
      return [{ type: 'image.uploaded.v1', data: command.data }];
    case 'DeleteImage':
      if (record.protected) {
        throw new DomainError(
          'forbidden',
          'image.protected',
          `Image ${record.imageId} is protected and cannot be deleted.`,
        );
      }
      return [{ type: 'image.deleted.v1', data: { imageId: record.imageId } }];
    default:
      return unreachable(command);
  }
}

function abandon(imageId: string, { status }: Image): readonly ImageEvent[] {
  if (status === 'absent') return [{ type: 'image.abandoned.v1', data: { imageId } }];
  return status === 'queued' || status === 'saving' ? [{ type: 'image.deleted.v1', data: { imageId } }] : [];
}

const notQueued = (): DomainError =>
  new DomainError('conflict', 'image.not-queued', 'Image status transition from active to saving is not allowed');

function evolve(state: Image, event: ImageEvent, { at }: Context): Image {
  switch (event.type) {
    case 'image.created.v1':
      return { status: 'queued', record: event.data, blob: undefined, createdAt: at, updatedAt: at };
    case 'image.updated.v1': {
      const { record } = state;
      return record === undefined ? state : { ...state, record: { ...record, ...event.data }, updatedAt: at };
    }
    case 'image.upload-begun.v1': {
      const { record } = state;
      return record === undefined
        ? state
        : { ...state, status: 'saving', record: { ...record, ...event.data }, updatedAt: at };
    }
    case 'image.uploaded.v1':
      return { ...state, status: 'active', blob: event.data, updatedAt: at };
    case 'image.abandoned.v1':
    case 'image.deleted.v1':
      return { ...state, status: 'deleted', updatedAt: at };
    default:
      return unreachable(event);
  }
}

export const image: Aggregate<Image, ImageCommand, ImageEvent> = {
  initial: { status: 'absent', record: undefined, blob: undefined, createdAt: null, updatedAt: null },
  decide,
  evolve,
  category: 'image',
  events: imageEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};

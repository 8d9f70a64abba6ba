import { type ImageEvent as AnyImageEvent, type ImageRecord, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { ImageRow } from './row';

/** An image that is abandoned never was. */
type ImageEvent = Exclude<AnyImageEvent, { type: 'image.abandoned.v1' }>;

const shown = ({ imageId: _id, ...record }: ImageRecord): Omit<ImageRecord, 'imageId'> => record;

export const images: Projection<ImageRow, ImageEvent> = {
  name: 'images.v1',
  group: 'images',
  version: 1,
  entity: ImageRow,
  owner: { category: 'image', column: 'id' },
  types: {
    'image.created.v1': true,
    'image.updated.v1': true,
    'image.upload-begun.v1': true,
    'image.uploaded.v1': true,
    'image.deleted.v1': true,
  },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    const { at, position } = event;
    switch (event.type) {
      case 'image.created.v1':
        return {
          id: event.data.imageId,
          ...shown(event.data),
          status: 'queued',
          sizeBytes: null,
          sha256: null,
          sha512: null,
          md5: null,
          createdAt: at,
          updatedAt: at,
          deletedAt: null,
          position,
        };
      case 'image.updated.v1':
        return { ...existing(row, event), ...event.data, updatedAt: at, position };
      case 'image.upload-begun.v1':
        return { ...existing(row, event), ...event.data, status: 'saving', updatedAt: at, position };
      case 'image.uploaded.v1': {
        const { sizeBytes, sha256, sha512, md5 } = event.data;
        return { ...existing(row, event), status: 'active', sizeBytes, sha256, sha512, md5, updatedAt: at, position };
      }
      case 'image.deleted.v1':
        return { ...existing(row, event), status: 'deleted', updatedAt: at, deletedAt: at, position };
      default:
        return unreachable(event);
    }
  },
};

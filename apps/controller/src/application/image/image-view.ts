import type { Image, ImageBlob, ImageRecord, Instant } from '@cairn/domain';
import type { ImageRow } from '@cairn/projections';

/** An image that exists, whether it was read from the log or from the read model. */
export interface ImageView {
  readonly record: ImageRecord;
  readonly status: 'queued' | 'saving' | 'active';
  readonly blob: ImageBlob | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Undefined for one that never was or is deleted. */
export function viewOfState({ record, status, blob, createdAt, updatedAt }: Image): ImageView | undefined {
  if (record === undefined || status === 'absent' || status === 'deleted') return undefined;
  return { record, status, blob, createdAt: createdAt ?? '', updatedAt: updatedAt ?? '' };
}

/** Undefined for a deleted one. */
export function viewOfRow(row: ImageRow): ImageView | undefined {
  const { id, status, sizeBytes, sha256, sha512, md5, createdAt, updatedAt } = row;
  if (status === 'deleted') return undefined;
  const blob =
    sizeBytes === null || sha256 === null || sha512 === null || md5 === null
      ? undefined
      : { sizeBytes, sha256, sha512, md5 };
  return { record: { ...recordOf(row), imageId: id }, status, blob, createdAt, updatedAt };
}

const recordOf = (row: ImageRow): Omit<ImageRecord, 'imageId'> => ({
  projectId: row.projectId,
  name: row.name,
  visibility: row.visibility,
  diskFormat: row.diskFormat,
  containerFormat: row.containerFormat,
  minDiskGb: row.minDiskGb,
  minRamMb: row.minRamMb,
  protected: row.protected,
  tags: row.tags,
  properties: row.properties,
});

/** `os_hidden` is kept with the properties, as everything that only Glance's clients know (ImageRecord). */
export const HIDDEN = 'os_hidden';

export const isHidden = ({ properties }: Pick<ImageRecord, 'properties'>): boolean => properties[HIDDEN] === 'true';

import { HIDDEN, type ImageView, isHidden } from '../../../application/image/image-view';

/** Glance's times have no fraction: `2014-05-05T17:15:10Z`. */
const isotime = (at: string): string => at.replace(/\.\d+Z$/, 'Z');

/** An image as Glance v2 shows it; free properties stand beside its own and cannot hide them. */
export function presentImage({ record, status, blob, createdAt, updatedAt }: ImageView): Record<string, unknown> {
  const { [HIDDEN]: _hidden, ...properties } = record.properties;
  const self = `/v2/images/${record.imageId}`;
  return {
    ...properties,
    name: record.name,
    disk_format: record.diskFormat,
    container_format: record.containerFormat,
    visibility: record.visibility,
    size: blob?.sizeBytes ?? null,
    virtual_size: null,
    status,
    checksum: blob?.md5 ?? null,
    protected: record.protected,
    min_ram: record.minRamMb,
    min_disk: record.minDiskGb,
    owner: record.projectId,
    os_hidden: isHidden(record),
    os_hash_algo: blob === undefined ? null : 'sha512',
    os_hash_value: blob?.sha512 ?? null,
    id: record.imageId,
    created_at: isotime(createdAt),
    updated_at: isotime(updatedAt),
    tags: record.tags,
    self,
    file: `${self}/file`,
    schema: '/v2/schemas/image',
  };
}

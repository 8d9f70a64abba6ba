import { own } from '@cairn/domain';
import { HIDDEN, type ImageView } from '../../../../application/image/image-view';
import { booleanWord } from '../../boolean-words';
import type { Link, Links } from '../shared/links';
import { seconds } from '../shared/timestamps';

/** What else than the image decides how it is shown. */
export interface ImageViewer {
  readonly links: Links;
  /** Where Glance is, for this client. */
  readonly glance: string;
}

const STATUS = {
  queued: { status: 'SAVING', progress: 25 },
  saving: { status: 'SAVING', progress: 50 },
  active: { status: 'ACTIVE', progress: 100 },
} as const;

const linksOf = (id: string, { links, glance }: ImageViewer): readonly Link[] => [
  ...links.of('images', id),
  { rel: 'alternate', type: 'application/vnd.openstack.image', href: `${glance}/images/${id}` },
];

/** The properties that a caller may read and change as metadata. */
export function metadataOf({ record }: ImageView): Readonly<Record<string, string>> {
  const { [HIDDEN]: _hidden, ...properties } = record.properties;
  return properties;
}

/** `GET /images`. */
export const presentImageBrief = ({ record: { imageId, name } }: ImageView, viewer: ImageViewer): unknown => ({
  id: imageId,
  name,
  links: linksOf(imageId, viewer),
});

/** `GET /images/detail` and `GET /images/{id}` (nova 26.1, `views/images.py`). */
export function presentImage(image: ImageView, viewer: ImageViewer): unknown {
  const { record, blob, createdAt, updatedAt } = image;
  const metadata = metadataOf(image);
  const [server, diskConfig] = [own(metadata, 'instance_uuid'), own(metadata, 'auto_disk_config')];
  return {
    id: record.imageId,
    name: record.name,
    minRam: record.minRamMb,
    minDisk: record.minDiskGb,
    metadata,
    created: seconds(createdAt),
    updated: seconds(updatedAt),
    ...STATUS[image.status],
    'OS-EXT-IMG-SIZE:size': blob?.sizeBytes ?? 0,
    links: linksOf(record.imageId, viewer),
    ...(server === undefined ? {} : { server: { id: server, links: viewer.links.of('servers', server) } }),
    ...(diskConfig === undefined ? {} : { 'OS-DCF:diskConfig': booleanWord(diskConfig) === true ? 'AUTO' : 'MANUAL' }),
  };
}

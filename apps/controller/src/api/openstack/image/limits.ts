import type { ImageRecord } from '@cairn/domain';

import { HttpProblem } from '../../http';
import { HIDDEN } from '../../../application/image/image-view';

/** glance's image_property_quota and image_tag_quota. */
const MAX_PROPERTIES = 128;
const MAX_TAGS = 128;

/** @throws HttpProblem 413 when an image has more properties or tags than Glance allows by default. */
export function requireWithinLimits({ properties, tags }: Pick<ImageRecord, 'properties' | 'tags'>): void {
  const names = Object.keys(properties).filter((name) => name !== HIDDEN);
  if (names.length > MAX_PROPERTIES) throw exceeded('properties', names.length, MAX_PROPERTIES);
  if (tags.length > MAX_TAGS) throw exceeded('tags', tags.length, MAX_TAGS);
}

const exceeded = (what: string, attempted: number, maximum: number): HttpProblem =>
  new HttpProblem(
    413,
    `The limit has been exceeded on the number of allowed image ${what}. ` +
      `Attempted: ${String(attempted)}, Maximum: ${String(maximum)}`,
  );

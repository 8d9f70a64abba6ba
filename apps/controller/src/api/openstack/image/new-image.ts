import type { ImageRecord } from '@cairn/domain';

import type { Caller } from '../../../application/core';
import { HttpProblem } from '../../http';
import { notAuthorized, requireMay, requireMayShow } from '../../../application/image/access';
import { fieldOf, propertyText } from './fields';
import { HIDDEN } from '../../../application/image/image-view';
import { requireWithinLimits } from './limits';
import { isBase } from './schema/properties';
import { requireSettable } from './schema/protected-names';
import { requireObject, requireProperty } from './schema/validate';

/**
 * The image that the body of `POST /v2/images` asks for. Without an owner it is the caller's project's; without a
 * visibility it is `shared`, which without members is as good as private (glance from 2.5 on).
 *
 * @param freshId names the image when the body does not.
 * @throws HttpProblem 400, 403 or 413 as Glance does.
 */
export function newImage(caller: Caller, body: unknown, freshId: string): ImageRecord {
  const given = requireObject(body);
  requireMay(caller, 'add_image', caller.principal.actor);
  for (const [name, value] of Object.entries(given)) {
    requireSettable(name);
    requireProperty(name, value);
  }
  if (given['locations'] !== undefined) {
    throw new HttpProblem(403, "It's not allowed to add locations if locations are invisible.");
  }
  requireMayShow(caller, given['visibility']);
  const empty = emptyImage(
    typeof given['id'] === 'string' ? given['id'].toLowerCase() : freshId,
    ownerOf(caller, given['owner']),
  );
  const isFree = (name: string): boolean => !isBase(name) || name === HIDDEN;
  const free = Object.entries(given).filter(([name]) => isFree(name));
  const fields = Object.entries(given).filter(([name]) => !isFree(name));
  // all properties at once: a body may name tens of thousands, and adding one by one would copy all before each
  const properties = free.filter(([, value]) => value !== null);
  const record: ImageRecord = {
    ...fields.reduce((image, [name, value]) => ({ ...image, ...fieldOf(name, value) }), empty),
    properties: Object.fromEntries(properties.map(([name, value]) => [name, propertyText(value)])),
  };
  requireWithinLimits(record);
  return record;
}

const emptyImage = (imageId: string, projectId: string): ImageRecord => ({
  imageId,
  projectId,
  name: null,
  visibility: 'shared',
  diskFormat: null,
  containerFormat: null,
  minDiskGb: 0,
  minRamMb: 0,
  protected: false,
  tags: [],
  properties: {},
});

function ownerOf(caller: Caller, owner: unknown): string {
  const { projectId } = caller.principal.actor;
  const wanted = typeof owner === 'string' ? owner : projectId;
  if (wanted === null) throw notAuthorized('add_image');
  if (wanted !== projectId && !caller.rights.isAdmin) {
    throw new HttpProblem(403, `You are not permitted to create images owned by '${wanted}'.`);
  }
  return wanted;
}

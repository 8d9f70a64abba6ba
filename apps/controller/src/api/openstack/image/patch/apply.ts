import type { ImageChanges, ImageRecord } from '@cairn/domain';

import type { Caller } from '../../../../application/core';
import { HttpProblem } from '../../../http';
import { requireMayShow } from '../../../../application/image/access';
import { fieldOf, withProperty } from '../fields';
import { requireWithinLimits } from '../limits';
import { isBase } from '../schema/properties';
import type { Change, Draft } from './changes';

/**
 * What the steps of a PATCH, one after the other, make of an image; all of them or none.
 * @throws HttpProblem 403, 409 or 413 in Glance's words.
 */
export function applyChanges(
  caller: Caller,
  image: ImageRecord,
  changes: readonly Change[],
  draft: Draft,
): ImageChanges {
  const changed = changes.reduce((before, change) => afterChange(caller, before, change, draft), image);
  requireWithinLimits(changed);
  const { imageId: _id, ...fields } = changed;
  return fields;
}

function afterChange(caller: Caller, image: ImageRecord, change: Change, draft: Draft): ImageRecord {
  const { op, name } = change;
  if (isBase(name)) {
    if (op === 'remove') throw new HttpProblem(403, `Property ${name} may not be removed.`);
    if (op === 'add' && draft === 4) throw alreadyThere(name);
    return withBase(caller, image, name, change.value);
  }
  const there = Object.hasOwn(image.properties, name);
  if (!there && op !== 'add') throw new HttpProblem(409, `Property ${name} does not exist.`);
  if (there && op === 'add' && draft === 4) throw alreadyThere(name);
  return { ...image, properties: withProperty(image.properties, name, op === 'remove' ? null : change.value) };
}

const alreadyThere = (name: string): HttpProblem => new HttpProblem(409, `Property ${name} already present.`);

function withBase(caller: Caller, image: ImageRecord, name: string, value: unknown): ImageRecord {
  if (name === 'owner') {
    if (value === image.projectId) return image;
    if (!caller.rights.isAdmin || typeof value !== 'string') throw new HttpProblem(403, "Owner can't be updated.");
    return { ...image, projectId: value };
  }
  if (name === 'visibility' && value !== image.visibility) requireMayShow(caller, value);
  if (name === 'os_hidden') return { ...image, properties: withProperty(image.properties, name, value) };
  return { ...image, ...fieldOf(name, value) };
}

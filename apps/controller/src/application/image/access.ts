import { DomainError, type ImageRecord, type Visibility } from '@cairn/domain';

import type { Caller } from '../core';

/** Glance's words for an image that does not exist or that the caller may not see. */
export const noImage = (imageId: string): DomainError =>
  new DomainError('not-found', 'image.not-found', `No image found with ID ${imageId}`);

export const notAuthorized = (action: string): DomainError =>
  new DomainError('forbidden', 'image.forbidden', `You are not authorized to complete ${action} action.`);

/**
 * Images of other projects that the caller may see: public ones, and community ones by id. Images have no members yet.
 */
export const canSee = (caller: Caller, { projectId, visibility }: ImageRecord): boolean =>
  caller.rights.may('get_image', { project_id: projectId, visibility });

/** @param action Glance's name of the action, which is also its rule's. @throws DomainError `forbidden`. */
export function requireMay(
  caller: Caller,
  action: string,
  { projectId, visibility }: { readonly projectId: string | null; readonly visibility?: Visibility },
): void {
  if (!caller.rights.may(action, { project_id: projectId, visibility })) throw notAuthorized(action);
}

/**
 * Making an image public has a policy rule of its own.
 * @throws DomainError `forbidden`.
 */
export function requireMayShow(caller: Caller, visibility: unknown): void {
  if (visibility === 'public') requireMay(caller, 'publicize_image', caller.principal.actor);
}

import { DomainError, type ImageRecord } from '@cairn/domain';

import type { Caller } from '../core';
import { isAdmin } from '../../policy';

/** Glance's words for an image that is not there, or that the caller may not know of. */
export const noImage = (imageId: string): DomainError =>
  new DomainError('not-found', 'image.not-found', `No image found with ID ${imageId}`);

export const notAuthorized = (action: string): DomainError =>
  new DomainError('forbidden', 'image.forbidden', `You are not authorized to complete ${action} action.`);

/** Others' images: the public ones, and community ones for those who know their id. Sharing has no members yet. */
export const canSee = (caller: Caller, { projectId, visibility }: ImageRecord): boolean =>
  isAdmin(caller) ||
  projectId === caller.principal.actor.projectId ||
  visibility === 'public' ||
  visibility === 'community';

/** A project's images are its members' to change, everyone's the administrators'. */
export const canChange = (caller: Caller, { projectId }: ImageRecord): boolean =>
  isAdmin(caller) || (projectId === caller.principal.actor.projectId && isMember(caller));

export const isMember = (caller: Caller): boolean =>
  caller.principal.actor.roles.some((role) => role === 'member' || role === 'admin');

/** Only administrators make images public. @throws DomainError `forbidden`. */
export function requireMayShow(caller: Caller, visibility: unknown): void {
  if (visibility === 'public' && !isAdmin(caller)) throw notAuthorized('publicize_image');
}

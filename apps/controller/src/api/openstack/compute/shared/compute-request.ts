import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../application/core';
import type { Rights } from '../../../../policy';
import type { QueryParameters } from '../../../../application/lists';
import { ofRequest } from '../../../http/of-request';
import { Links } from './links';

/** What a compute route knows of its request besides body and path. */
export interface ComputeRequest {
  readonly caller: Caller;
  /** The project that the token is for; the URL's, when it names one, is the same. */
  readonly projectId: string;
  readonly userId: string;
  /** What the caller may do. */
  readonly rights: Rights;
  /** The microversion's second number. Always 1 under /v2. */
  readonly minor: number;
  readonly links: Links;
  readonly query: QueryParameters;
}

/** The project whose resources a caller may see and act on, besides those that are everybody's; null: every project. */
export const scopeOf = ({ rights, projectId }: Pick<ComputeRequest, 'rights' | 'projectId'>): string | null =>
  rights.isAdmin ? null : projectId;

const requests = ofRequest<ComputeRequest>('compute request');

export const setComputeRequest = requests.set;

/** Parameter decorator: the `ComputeRequest`. */
export const FromCompute = createParamDecorator((_: unknown, context: ExecutionContext): ComputeRequest => {
  const found = requests.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (found === undefined) throw new Error('a route without a compute request asks for it');
  return found;
});

/** The paths of a resource: with the project in the URL, without it, and as seed-era clients ask. */
export const computePaths = (path: string): string[] => [
  `v2.1/:projectId/${path}`,
  `v2.1/${path}`,
  `v2/:projectId/${path}`,
];

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, RequestScope } from '../../application/core';
import { ofRequest } from './of-request';

const scopes = ofRequest<RequestScope>('scope');

export const setScope = scopes.set;

export const hasScope = (request: FastifyRequest): boolean => scopes.get(request) !== undefined;

/** @throws Error on a request that did not come through `createHttpService`. */
export function scopeOf(request: FastifyRequest): RequestScope {
  const scope = scopes.get(request);
  if (scope === undefined) throw new Error('the request has no scope');
  return scope;
}

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** Parameter decorator: the `RequestScope`, on routes without a token. */
export const Scoped = createParamDecorator((_: unknown, context: ExecutionContext) => scopeOf(requestOf(context)));

/** Parameter decorator: the `Caller`. A route that asks for it cannot be reached without a good token. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const scope = scopeOf(requestOf(context));
  if (scope.principal === undefined) throw new Error('a route without a token asks for its caller');
  return scope as Caller;
});

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Instant } from '@cairn/domain';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './authenticator';

/** What is known of one HTTP request besides its content. */
export interface RequestScope {
  /** `req-<uuid>`, on every answer and log line of the request. */
  readonly requestId: string;
  /** Which service was asked: `identity`, `compute`, `image`, `hosts`. */
  readonly api: string;
  readonly clientAddress: string | null;
  /** When the caller will have given up; commands are retried until then. */
  readonly deadline: Instant;
  /** The caller's `Idempotency-Key` header. */
  readonly idempotencyKey: string | undefined;
  /** Set by the guard, absent on routes that need no token. */
  readonly principal: Principal | undefined;
}

/** The scope of a request whose token was good. */
export interface Caller extends RequestScope {
  readonly principal: Principal;
}

const scopes = new WeakMap<object, RequestScope>();

export function setScope(request: FastifyRequest, scope: RequestScope): void {
  scopes.set(request, scope);
}

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

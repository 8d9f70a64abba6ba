import type { FastifyRequest } from 'fastify';
import type { Origin } from './forwarded';

const origins = new WeakMap<object, Origin>();

export function setOrigin(request: FastifyRequest, origin: Origin): void {
  origins.set(request, origin);
}

/** @throws Error on a request that did not come through `createHttpService`. */
export function originAt(request: FastifyRequest): Origin {
  const origin = origins.get(request);
  if (origin === undefined) throw new Error('the request has no origin');
  return origin;
}

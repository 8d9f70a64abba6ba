import type { FastifyRequest } from 'fastify';
import type { Origin } from './forwarded';
import { ofRequest } from './of-request';

const origins = ofRequest<Origin>('origin');

export const setOrigin = origins.set;

/** @throws Error on a request that did not come through `createHttpService`. */
export function originAt(request: FastifyRequest): Origin {
  const origin = origins.get(request);
  if (origin === undefined) throw new Error('the request has no origin');
  return origin;
}

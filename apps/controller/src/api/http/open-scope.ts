import { later } from '@cairn/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../application/core';
import { setScope } from './request-scope';
import type { ServiceDefinition } from './service';

/** Less than the 60 s after which OpenStack's own services stop waiting for one another. */
const PATIENCE_MS = 30_000;
const MAX_KEY = 255;

/** First thing of every request: its id, on the answer before anything can fail, and its scope. */
export function openScope(
  { clock, random }: Pick<Core, 'clock' | 'random'>,
  { name, dialect }: ServiceDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const requestId = `req-${random.uuid()}`;
  for (const header of dialect.requestIdHeaders) void reply.header(header, requestId);
  const key = request.headers['idempotency-key'];
  setScope(request, {
    requestId,
    api: name,
    clientAddress: request.ip,
    deadline: later(clock.now(), PATIENCE_MS),
    idempotencyKey: typeof key === 'string' && key !== '' ? key.slice(0, MAX_KEY) : undefined,
    principal: undefined,
    rights: undefined,
  });
}

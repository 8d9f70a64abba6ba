import { Readable } from 'node:stream';
import { later } from '@cairn/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../application/core';
import { originOf, type TrustedProxies } from './forwarded';
import { LOG_PATIENCE_MS } from '../../runtime/log-patience';
import { setOrigin } from './request-origin';
import { setScope } from './request-scope';
import type { ServiceDefinition } from './service';

/** Less than the 60 s after which OpenStack's own services stop waiting for one another. */
const PATIENCE_MS = 30_000;

/** Data of an image is a stream: it shows only afterwards what it was. */
const askedBy = ({ method, url, body }: FastifyRequest): object => ({
  method,
  url,
  body: body instanceof Readable ? null : (body ?? null),
});

/** First thing of every request: its id, on the answer before anything can fail, and its scope. */
export function openScope(
  { clock, random }: Pick<Core, 'clock' | 'random'>,
  { name, dialect }: ServiceDefinition,
  proxies: TrustedProxies,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const requestId = `req-${random.uuid()}`;
  for (const header of dialect.requestIdHeaders) void reply.header(header, requestId);
  const origin = originOf(request.ip, request.headers, proxies);
  setOrigin(request, origin);
  const key = request.headers['idempotency-key'];
  const now = clock.now();
  setScope(request, {
    requestId,
    api: name,
    clientAddress: origin.client,
    deadline: later(now, PATIENCE_MS),
    logBy: later(now, LOG_PATIENCE_MS),
    repeatable: typeof key === 'string' && key !== '' ? { key, asked: () => askedBy(request) } : undefined,
    principal: undefined,
    rights: undefined,
  });
}

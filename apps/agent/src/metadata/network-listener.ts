import http from 'node:http';
import { pipeline } from 'node:stream/promises';

import { guardHttp, HTTP_TIMEOUTS, type HttpGuard } from '@cairn/edge';
import { METADATA_PATH, NETWORK_HEADER } from '@cairn/host-protocol';

import { closeServer } from '../close-server';
import type { ControllerHttp } from '../http/controller-http';
import type { Log } from '../ports/log.port';

import { allowedMethod, forwardedHeaders, guestPath, peerAddress } from './guest-request';

const MOST_BODY_BYTES = 16 * 1024;
const MOST_GUEST_CONNECTIONS = { total: 512, perAddress: 64 };
const GUEST_MS = 15_000;

/** Headers of the controller's answer that reach the guest. */
const ANSWERED = new Set([
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'allow',
  'retry-after',
  'x-aws-ec2-metadata-token-ttl-seconds',
]);

class BodyTooLarge extends Error {}

export interface NetworkListenerParts {
  readonly networkId: string;
  readonly address: string;
  readonly port: number;
  readonly controller: ControllerHttp;
  readonly log: Log;
}

/**
 * The metadata service as the guests of one network see it. It adds what the controller needs to know the guest by
 * (the network, and where the packets really came from) and lets nothing through that could pretend otherwise.
 */
export class NetworkListener {
  private readonly server: http.Server;
  private readonly guard: HttpGuard;

  private constructor(private readonly parts: NetworkListenerParts) {
    const timeouts = { ...HTTP_TIMEOUTS, requestTimeout: GUEST_MS, keepAliveTimeout: 5_000 };
    this.server = http.createServer(timeouts, (request, response) => {
      if (this.guard.refusalOf(request) === undefined) void this.answer(request, response);
      else refuse(response, 503, { 'retry-after': '1' });
    });
    this.guard = guardHttp(this.server, MOST_GUEST_CONNECTIONS);
  }

  /** @throws Error (EADDRNOTAVAIL) while the network has no such address yet. */
  static async open(parts: NetworkListenerParts): Promise<NetworkListener> {
    const listener = new NetworkListener(parts);
    await new Promise<void>((resolve, reject) => {
      listener.server.once('error', reject);
      listener.server.listen(parts.port, parts.address, () => {
        listener.server.off('error', reject);
        listener.server.on('error', (error) => {
          parts.log.warn('metadata: server error', { networkId: parts.networkId, error });
        });
        resolve();
      });
    });
    return listener;
  }

  get address(): string {
    return this.parts.address;
  }

  get isListening(): boolean {
    return this.server.listening;
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      await this.forward(request, response);
    } catch (error) {
      this.parts.log.warn('metadata: no answer', { networkId: this.parts.networkId, error });
      if (response.headersSent) response.destroy();
      else refuse(response, error instanceof BodyTooLarge ? 413 : 503);
    }
  }

  private async forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method } = request;
    if (method === undefined || !allowedMethod(method)) {
      refuse(response, 405, { allow: 'GET, HEAD, POST, PUT' });
      return;
    }
    const path = guestPath(request.url);
    if (path === undefined) {
      refuse(response, 400);
      return;
    }
    const body = method === 'GET' || method === 'HEAD' ? undefined : await smallBody(request);
    const answer = await this.parts.controller.send({
      method,
      path: METADATA_PATH + path,
      headers: {
        ...forwardedHeaders(request.headers),
        [NETWORK_HEADER]: this.parts.networkId,
        'x-forwarded-for': peerAddress(request.socket.remoteAddress),
        ...(body === undefined || body.byteLength === 0 ? {} : { 'content-type': 'application/octet-stream' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    response.writeHead(answer.statusCode ?? 503, answeredHeaders(answer.headers));
    await pipeline(answer, response);
  }
}

function refuse(response: http.ServerResponse, status: number, headers: http.OutgoingHttpHeaders = {}): void {
  const text = `${String(status)} ${http.STATUS_CODES[status] ?? ''}\n`;
  response.writeHead(status, { ...headers, 'content-type': 'text/plain', connection: 'close' }).end(text);
}

const answeredHeaders = (headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => ANSWERED.has(name)));

async function smallBody(request: http.IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
    if (bytes > MOST_BODY_BYTES) throw new BodyTooLarge('the guest sends too much');
  }
  return Buffer.concat(chunks);
}

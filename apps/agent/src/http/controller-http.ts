import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

import { HOST_HEADER } from '@cairn/host-protocol';
import { codeOf } from '@cairn/os';

import { Retryable } from '../ports/errors';

export interface ControllerAccess {
  /** Base URL of the hosts' HTTP port, without a slash at the end. */
  readonly url: string;
  readonly hostId: string;
  /** This host's bearer token. */
  readonly token: string;
  readonly tls?: ControllerTls | undefined;
  /** A request or an answer that stands still for so long is given up. */
  readonly idleMs?: number;
}

export interface ControllerRequest {
  readonly method: string;
  /** Path and query, sent as they are: nothing is normalised. */
  readonly path: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** The length of a stream is for `headers` to say. */
  readonly body?: Uint8Array | Readable;
}

/** PEM: whom to believe, and what to show. */
export interface ControllerTls {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** One connection pool for all hosts of the process. */
const pool = new http.Agent({ keepAlive: true });

/** Speaks HTTP with the controller under one host's credential. */
export class ControllerHttp {
  private readonly base: URL;
  private readonly securePool: https.Agent;

  constructor(private readonly access: ControllerAccess) {
    this.base = new URL(access.url);
    this.securePool = new https.Agent({ keepAlive: true, ...access.tls });
  }

  /**
   * Asks to go on with another protocol than HTTP. Resolves with the connection, or with the refusal's head, whose body
   * the caller must read or destroy.
   * @throws Retryable when there is neither.
   */
  upgrade(path: string, protocol: string): Promise<Socket | http.IncomingMessage> {
    const headers = { connection: 'Upgrade', upgrade: protocol };
    return new Promise((resolve, reject) => {
      const request = this.request({ method: 'GET', path, headers }, reject);
      request.on('response', resolve);
      request.on('upgrade', (_answer, socket: Socket, head) => {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      request.end();
    });
  }

  /**
   * Resolves with the answer's head, whatever its status; the caller must read or destroy its body.
   * @throws Retryable when there is none.
   */
  send(asked: ControllerRequest): Promise<http.IncomingMessage> {
    const { body } = asked;
    return new Promise((resolve, reject) => {
      const request = this.request(asked, reject);
      request.on('response', resolve);
      if (!(body instanceof Readable)) request.end(body);
      else {
        body.on('error', (cause) => request.destroy(cause));
        request.on('close', () => body.destroy());
        body.pipe(request);
      }
    });
  }

  private request(
    { method, path, headers = {}, body }: ControllerRequest,
    fail: (why: Retryable) => void,
  ): http.ClientRequest {
    const { hostId, token, idleMs = 30_000 } = this.access;
    const secure = this.base.protocol === 'https:';
    const options: https.RequestOptions = {
      method,
      host: this.base.hostname.replace(/^\[|\]$/g, ''),
      port: this.base.port,
      path: this.base.pathname.replace(/\/$/, '') + path,
      agent: secure ? this.securePool : pool,
      timeout: idleMs,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        [HOST_HEADER]: hostId,
        ...(body instanceof Uint8Array ? { 'content-length': body.byteLength } : {}),
      },
    };
    const request = secure ? https.request(options) : http.request(options);
    request.on('timeout', () => request.destroy(new Error(`no answer for ${String(idleMs)} ms`)));
    request.on('error', (cause) => {
      const why = codeOf(cause) ?? cause.message;
      fail(new Retryable(`the controller cannot be reached (${why})`, { cause }));
    });
    return request;
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { guardHttp, type HttpGuard, HTTP_TIMEOUTS } from '@cairn/edge';
import { say } from '@cairn/os';

/** Some scrapers, and a person who looks. */
const LIMITS = { total: 64, perAddress: 32 };
/** A page has no body to wait for, ms. */
const REQUEST_MS = 15_000;

/** Serves `GET /metrics` in Prometheus' text format, without a login, on a port besides the store's own. */
export class MetricsServer {
  private readonly server: Server;
  private readonly guard: HttpGuard;

  constructor(private readonly registry: Registry) {
    this.server = createServer({ ...HTTP_TIMEOUTS, requestTimeout: REQUEST_MS }, (request, response) => {
      if (this.guard.refusalOf(request) === undefined) void this.answer(request, response);
      else response.writeHead(503, { connection: 'close', 'retry-after': '1' }).end('too many connections\n');
    });
    this.guard = guardHttp(this.server, LIMITS);
  }

  /** Starts to serve; resolves to the address of the page. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        const bound = (this.server.address() as AddressInfo).port;
        resolve(`http://${host.includes(':') ? `[${host}]` : host}:${String(bound)}/metrics`);
      });
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    try {
      const page = await this.registry.metrics();
      response.writeHead(200, { 'content-type': this.registry.contentType }).end(page);
    } catch (error) {
      say(`eventstore: metrics failed: ${error instanceof Error ? error.message : String(error)}`);
      response.writeHead(500).end();
    }
  }
}

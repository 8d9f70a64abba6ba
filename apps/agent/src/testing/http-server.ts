import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { closeServer } from '../close-server';

export interface TestServer {
  readonly port: number;
  readonly url: string;
  /** Stops listening and cuts all connections. */
  close(): Promise<void>;
}

/** A HTTP server on loopback; on a port that is free, or again on one that it had. */
export async function listen(handler: http.RequestListener, port = 0, address = '127.0.0.1'): Promise<TestServer> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    url: `http://${address}:${String(bound)}`,
    close: () => closeServer(server),
  };
}

/** The whole body of a request or an answer. */
export async function bodyOf(message: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Dialect } from './dialects';

/** Answers on a connection that no framework answers on, in the service's shape and with a request id, and ends it. */
export function rawAnswer(
  socket: Socket,
  dialect: Dialect,
  { status, message = dialect.message(status), requestId, headers = {} }: RawAnswer,
): void {
  const { contentType, body } =
    message === null ? { contentType: undefined, body: '' } : dialect.render(status, message, undefined);
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    ...(contentType === undefined ? [] : [`content-type: ${contentType}`]),
    `content-length: ${String(Buffer.byteLength(body))}`,
    'connection: close',
    ...dialect.requestIdHeaders.map((header) => `${header}: ${requestId}`),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

export interface RawAnswer {
  readonly status: number;
  /** By default the service's own words for the status; null: no body. */
  readonly message?: string | null | undefined;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
}

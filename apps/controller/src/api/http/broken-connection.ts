import { own } from '@cairn/domain';
import type { Socket } from 'node:net';
import type { Random } from '../../random';
import type { Dialect } from './dialects';
import { rawAnswer } from './raw-answer';

/** Node's codes for what is not HTTP, or comes too slowly or too large; everything else is a 400. */
const STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers bytes that never became a request, in the service's shape and with a request id like every answer. */
export function answerBrokenConnection(dialect: Dialect, random: Random) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = own(STATUS, error.code ?? '') ?? 400;
    rawAnswer(socket, dialect, { status, requestId: `req-${random.uuid()}` });
  };
}

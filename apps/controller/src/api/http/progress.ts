import type { IncomingMessage } from 'node:http';
import { Observable } from 'rxjs';
import { HttpProblem } from './problem';

const LOOK_MS = 30_000;
/** What a body that is under way brings between two looks, at least. */
const LEAST_BYTES = 16 * 1024;

/** Bytes that have come on the connection, and whether some of them wait for us. */
type Watched = Pick<IncomingMessage, 'complete' | 'destroyed' | 'readableLength'> & {
  readonly socket: { readonly bytesRead: number };
};

/**
 * Fails with HttpProblem 408 once a body has not grown for a while by what even a slow line brings. A body may take as long
 * as it takes; while the bytes that have come wait for us (a slow disk), the client is not to blame.
 */
export const stalled = (request: Watched, lookMs = LOOK_MS): Observable<never> =>
  new Observable((subscriber) => {
    let before = request.socket.bytesRead;
    const timer = setInterval(() => {
      const { bytesRead } = request.socket;
      if (request.complete || request.destroyed) clearInterval(timer);
      else if (request.readableLength === 0 && bytesRead - before < LEAST_BYTES)
        subscriber.error(new HttpProblem(408, 'The request body stopped arriving.'));
      before = bytesRead;
    }, lookMs);
    return () => {
      clearInterval(timer);
    };
  });

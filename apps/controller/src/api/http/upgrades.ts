import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpGuard, Refusal } from '@cairn/edge';
import type { Log } from '../../log';
import type { Random } from '../../random';
import type { Dialect } from './dialects';
import { originOf, type TrustedProxies } from './forwarded';
import { type Problem, problemOf } from './problem';
import { rawAnswer } from './raw-answer';
import type { UpgradeHandler } from './service';

/** A refused client has so long to read why. */
const LINGER_MS = 5_000;

export interface UpgradesParts {
  readonly dialect: Dialect;
  readonly guard: HttpGuard;
  readonly proxies: TrustedProxies;
  readonly random: Random;
  readonly log: Log;
  /** What is answered to a connection that is one too many. */
  readonly tooMany: (refusal: Refusal) => Problem;
}

/**
 * Gives connections that ask to leave HTTP to the handler, within the listener's limits, and answers what it refuses: by a
 * head alone, since some clients of websockets take for frames what follows it. Why is in the log.
 */
export function serveUpgrades(server: Server, handler: UpgradeHandler, parts: UpgradesParts): void {
  const { dialect, guard, proxies, random, log, tooMany } = parts;
  const refuse = (socket: Socket, { status, message, headers }: Problem, requestId: string): void => {
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.resume();
    log.info('upgrade refused', { requestId, status, reason: message });
    rawAnswer(socket, dialect, { status, message: null, headers, requestId });
  };
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => undefined);
    const requestId = `req-${random.uuid()}`;
    const refusal = guard.upgrade(socket);
    if (refusal !== undefined) {
      refuse(socket, tooMany(refusal), requestId);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    const origin = originOf(socket.remoteAddress ?? '', request.headers, proxies);
    handler.upgrade(request, socket, { requestId, clientAddress: origin.client, origin }).catch((error: unknown) => {
      const problem = problemOf(error);
      if (problem === undefined) log.error('upgrade: a bug', { requestId, error });
      refuse(socket, problem ?? { status: 500, message: undefined, headers: {} }, requestId);
    });
  });
}

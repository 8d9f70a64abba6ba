import { isAfter, streamRef } from '@cairn/domain';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

import { type Admission, ConsoleAccess, type ConsoleConnection } from '../../application/console/console-access';
import { CLOCK, CONFIG, CONSOLES, LOG, RANDOM } from '../../application/core';
import type { ControllerConfig } from '../../config';
import type { Log } from '../../log';
import type { Random } from '../../random';
import { type ConsoleBroker, NoConsole } from '../../runtime/console-broker';
import type { Clock } from '../../runtime/ports';
import { NoReply } from '../../runtime/replies';
import { HttpProblem, unavailable, type UpgradeHandler, type UpgradeScope } from '../http';
import { ConsoleSession, type Ending } from './console-session';
import { originFault } from './origin-fault';
import { requestedToken } from './requested-token';

/** Connections to the consoles of one server at a time. */
const MOST_OF_SERVER = 8;
/** How often to look whether the right to a console still holds. */
const LOOK_MS = 5_000;
/** So many looks may fail in a row because the log is away. */
const MOST_FAILED = 6;
/** One message of a client: what it pastes is the largest. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

const NO_RIGHT: Ending = { code: 1008, reason: 'The right to this console has ended.' };
const EXPIRED: Ending = { code: 1008, reason: 'The time of this console has run out.' };
const GOING: Ending = { code: 1012, reason: 'The service restarts.' };

/** Opens consoles to clients with a token, as nova's websocket proxy does, and closes them when the right to them ends. */
@Injectable()
export class ConsoleProxy implements UpgradeHandler, OnModuleDestroy {
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => offered.has('binary') && 'binary',
  });
  private readonly sessions = new Set<ConsoleSession>();
  /** Connections of each server, also those that are being made. */
  private readonly ofServer = new Map<string, number>();

  constructor(
    private readonly access: ConsoleAccess,
    @Inject(CONSOLES) private readonly consoles: Pick<ConsoleBroker, 'open'>,
    @Inject(CONFIG) private readonly config: ControllerConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async upgrade(request: IncomingMessage, socket: Socket, scope: UpgradeScope): Promise<void> {
    const token = this.tokenOf(request, scope);
    const admission = await this.access.admit(token);
    const { instanceId } = admission;
    const others = this.ofServer.get(instanceId) ?? 0;
    if (others >= MOST_OF_SERVER)
      throw new HttpProblem(429, 'The server has too many open consoles.', { 'retry-after': '1' });
    this.ofServer.set(instanceId, others + 1);
    const { requestId, clientAddress } = scope;
    const connection = { requestId, clientAddress, connectionId: this.random.uuid() };
    try {
      await this.connect(request, socket, admission, connection);
    } finally {
      const rest = (this.ofServer.get(instanceId) ?? 1) - 1;
      if (rest > 0) this.ofServer.set(instanceId, rest);
      else this.ofServer.delete(instanceId);
    }
  }

  /** Before the listener ends, which waits for its connections. */
  onModuleDestroy(): void {
    for (const session of this.sessions) session.end(GOING);
  }

  /** @throws HttpProblem */
  private tokenOf(request: IncomingMessage, { origin }: UpgradeScope): string {
    const { headers } = request;
    const token = requestedToken(request);
    if (token === undefined) throw new HttpProblem(404);
    if (headers.upgrade?.toLowerCase() !== 'websocket' || headers['sec-websocket-key'] === undefined)
      throw new HttpProblem(400);
    const fault = originFault(headers.origin, headers.host, origin, this.config);
    if (fault !== undefined) throw new HttpProblem(403, fault);
    return token;
  }

  /** Ends when the connection does. */
  private async connect(
    request: IncomingMessage,
    socket: Socket,
    admission: Admission,
    connection: ConsoleConnection,
  ): Promise<void> {
    const guest = await this.guestOf(admission);
    try {
      await this.access.recordOpened(admission, connection);
      const client = socket.destroyed ? undefined : await this.handshake(request, socket);
      const ending = client === undefined ? undefined : await this.join(client, guest, admission, connection);
      const reason = ending?.reason ?? 'The client left before it began.';
      await this.access.recordClosed(admission, connection, reason).catch((error: unknown) => {
        this.log.warn('console: its end could not be recorded', { ...connection, error });
      });
    } finally {
      guest.destroy();
    }
  }

  /** @throws HttpProblem when there is none */
  private async guestOf({ instanceId, grant }: Admission): Promise<Duplex> {
    try {
      const guest = await this.consoles.open(grant.hostId, streamRef('instance', instanceId), grant.kind);
      // both pipelines listen for its end, and the listener that it came by
      return guest.setMaxListeners(0).on('error', () => undefined);
    } catch (error) {
      if (error instanceof NoConsole) throw new HttpProblem(409, error.message);
      if (error instanceof NoReply) throw unavailable('The host of the instance did not answer in time.');
      throw error;
    }
  }

  /** Undefined when the client does not speak the protocol: it has been told so. */
  private handshake(request: IncomingMessage, socket: Socket): Promise<WebSocket | undefined> {
    return new Promise((resolve) => {
      socket.once('close', () => {
        resolve(undefined);
      });
      this.server.handleUpgrade(request, socket, Buffer.alloc(0), (client) => {
        client.on('error', () => undefined); // its close follows
        resolve(client);
      });
    });
  }

  private async join(
    client: WebSocket,
    guest: Duplex,
    admission: Admission,
    connection: ConsoleConnection,
  ): Promise<Ending> {
    const session = new ConsoleSession(client, guest, this.clock);
    const { kind, hostId } = admission.grant;
    const fields = { instanceId: admission.instanceId, kind, hostId, ...connection };
    const closed = new AbortController();
    this.sessions.add(session);
    this.log.info('console: opened', fields);
    void this.watch(session, admission, closed.signal);
    const ending = await session.run();
    closed.abort();
    this.sessions.delete(session);
    this.log.info('console: closed', { ...fields, reason: ending.reason });
    return ending;
  }

  private async watch(session: ConsoleSession, admission: Admission, closed: AbortSignal): Promise<void> {
    const { expiresAt } = admission.grant;
    for (let failed = 0; failed < MOST_FAILED;) {
      await this.clock.sleep(LOOK_MS, closed);
      if (closed.aborted) return;
      if (this.config.consoles.enforceSessionTimeout && isAfter(this.clock.now(), expiresAt)) {
        session.end(EXPIRED);
        return;
      }
      const holds = await this.access.stillHolds(admission).catch(() => undefined);
      failed = holds === undefined ? failed + 1 : 0;
      if (holds === false) break;
    }
    session.end(NO_RIGHT);
  }
}

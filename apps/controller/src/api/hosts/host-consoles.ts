import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONSOLE_PROTOCOL, consolePath } from '@cairn/host-protocol';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { CLOCK, CONSOLES } from '../../application/core';
import type { ConsoleBroker } from '../../runtime/console-broker';
import type { Clock } from '../../runtime/ports';
import { HttpProblem, type UpgradeHandler } from '../http';
import { HostAccess } from './host-access';

const FIRST_PROBE_MS = 15_000;
/** How often to look whether the host may still call. */
const LOOK_MS = 5_000;

const PATH = new RegExp(`^${consolePath('([0-9a-f-]{36})')}$`);

const isRefusal = (error: unknown): boolean => error instanceof HttpProblem;

/** Connections by which agents bring consoles of their guests, each under its own host's credential. */
@Injectable()
export class HostConsoles implements UpgradeHandler, OnModuleDestroy {
  private readonly open = new Set<Socket>();

  constructor(
    private readonly access: HostAccess,
    @Inject(CONSOLES) private readonly consoles: Pick<ConsoleBroker, 'waitingFor'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws HttpProblem 401 without a host's credential; 404 when nobody waits for a console of that host */
  async upgrade(request: IncomingMessage, socket: Socket): Promise<void> {
    const hostId = await this.access.require({ headers: request.headers, socket });
    const [, requestId] = PATH.exec(request.url ?? '') ?? [];
    const isOurs = request.headers.upgrade?.toLowerCase() === CONSOLE_PROTOCOL;
    const give = isOurs && requestId !== undefined ? this.consoles.waitingFor(hostId, requestId) : undefined;
    if (give === undefined) throw new HttpProblem(404, 'Nobody waits for that console.');
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    // A host that has gone without a word is found out.
    socket.setKeepAlive(true, FIRST_PROBE_MS).setNoDelay(true);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: ${CONSOLE_PROTOCOL}\r\n\r\n`);
    give(socket);
    void this.watch(request, socket);
  }

  /** A host that is shut out loses what it has open, too. */
  private async watch({ headers }: IncomingMessage, socket: Socket): Promise<void> {
    while (!socket.destroyed) {
      await this.clock.sleep(LOOK_MS);
      const isHost = await this.access.require({ headers, socket }).catch((error: unknown) => !isRefusal(error));
      if (isHost === false) socket.destroy();
    }
  }

  /** Before the listener ends, which waits for its connections. */
  onModuleDestroy(): void {
    for (const socket of this.open) socket.destroy();
  }
}

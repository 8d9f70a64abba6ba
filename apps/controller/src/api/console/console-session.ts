import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createWebSocketStream, type WebSocket } from 'ws';

import type { Clock } from '../../runtime/ports';

/** A client that does not answer for so long is gone, or does not read what it is sent. */
const PING_MS = 30_000;
/** Without a byte of the guest's or of the client's. */
const IDLE_MS = 3_600_000;
/** How long a client may take to say goodbye. */
const GOODBYE_MS = 5_000;

/** The websocket's code, and the reason for people and for the log. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export const GUEST_ENDED: Ending = { code: 1000, reason: 'The console has ended.' };
const CLIENT_LEFT: Ending = { code: 1000, reason: 'The client left.' };
const SILENT: Ending = { code: 1001, reason: 'The client does not answer.' };
const IDLE: Ending = { code: 1000, reason: 'Nothing happened for an hour.' };

/**
 * Joins a client's websocket and a guest's console. Each side is read only as fast as the other takes it: what is held in
 * between is one piece in each direction.
 */
export class ConsoleSession {
  private readonly ended = new AbortController();
  private ending: Ending | undefined;
  private moved = true;
  private answered = true;
  private idleMs = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly guest: Duplex,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {}

  /** Runs until one side ends, or `end`. @returns how it ended */
  async run(): Promise<Ending> {
    const { socket, guest } = this;
    const client = createWebSocketStream(socket);
    const both = [pipeline(client, guest), pipeline(guest, client, { end: false })] as const;
    const move = (): void => {
      this.moved = true;
    };
    socket.on('message', move).on('pong', () => {
      this.answered = true;
    });
    guest.on('data', move);
    socket.once('close', () => {
      this.end(CLIENT_LEFT);
    });
    guest.once('end', () => {
      this.end(GUEST_ENDED);
    });
    guest.once('close', () => {
      this.end(GUEST_ENDED);
    });
    void this.watch();
    await Promise.allSettled(both);
    this.end(GUEST_ENDED);
    client.destroy();
    return this.ending ?? GUEST_ENDED;
  }

  /** The first one counts. */
  end(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.ended.abort();
    this.guest.destroy();
    this.socket.close(ending.code, ending.reason);
    setTimeout(() => {
      this.socket.terminate();
    }, GOODBYE_MS).unref();
  }

  private async watch(): Promise<void> {
    const { signal } = this.ended;
    for (;;) {
      await this.clock.sleep(PING_MS, signal);
      if (signal.aborted) return;
      this.idleMs = this.moved ? 0 : this.idleMs + PING_MS;
      if (!this.answered || this.idleMs >= IDLE_MS) {
        this.end(this.answered ? IDLE : SILENT);
        return;
      }
      [this.moved, this.answered] = [false, false];
      this.socket.ping();
    }
  }
}

import type { Duplex } from 'node:stream';

import type { HostQuery } from '@cairn/host-protocol';

import type { Controller } from './ports/controller.port';
import { type GuestConsoles, NoConsole } from './ports/guest-consoles.port';
import type { Log } from './ports/log.port';

/** Consoles that are open on one host at a time. */
const MOST_CONSOLES = 128;

export interface ConsoleRelayParts {
  readonly consoles: GuestConsoles;
  readonly controller: Controller;
  readonly log: Log;
}

type ConsoleQuery = HostQuery<'open-console'>;

/** Connects consoles of this host's guests with the controller, for as long as both ends want it. */
export class ConsoleRelay {
  private readonly open = new Set<Duplex>();

  constructor(private readonly parts: ConsoleRelayParts) {}

  /** Ends when the console is connected, or the controller knows why it is not. @throws Retryable */
  async answer(query: ConsoleQuery): Promise<void> {
    try {
      await this.connect(query);
    } catch (error) {
      if (!(error instanceof NoConsole)) throw error;
      await this.parts.controller.reply(query.requestId, error.message);
    }
  }

  private async connect({ requestId, resource: { id: instanceId }, payload: { kind } }: ConsoleQuery): Promise<void> {
    const { consoles, controller, log } = this.parts;
    if (this.open.size >= MOST_CONSOLES) throw new NoConsole('The host has too many open consoles.');
    const console = await consoles.open(instanceId, kind);
    this.open.add(console);
    console.on('error', () => undefined).once('close', () => this.open.delete(console));
    let joined = false;
    try {
      joined = await controller.joinConsole(requestId, console);
    } finally {
      if (!joined) console.destroy();
    }
    if (joined) log.info('console: connected', { instanceId, kind });
  }

  /** Ends all of them. */
  close(): void {
    for (const console of this.open) console.destroy();
  }
}

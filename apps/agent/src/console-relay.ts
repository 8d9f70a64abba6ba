import type { Duplex } from 'node:stream';

import type { HostQuery } from '@cairn/host-protocol';

import type { Controller } from './ports/controller.port';
import { type GuestConsoles, NoConsole } from './ports/guest-consoles.port';
import type { Log } from './ports/log.port';

/** Consoles that are open on one host at a time. */
export const MOST_CONSOLES = 128;

export interface ConsoleRelayParts {
  readonly consoles: GuestConsoles;
  readonly controller: Controller;
  readonly log: Log;
}

/** Connects consoles of this host's guests with the controller, for as long as both ends want it. */
export class ConsoleRelay {
  private readonly open = new Set<Duplex>();

  constructor(private readonly parts: ConsoleRelayParts) {}

  /** Ends when the console is connected, or the controller knows why it is not. @throws Retryable */
  async answer({ requestId, resource, payload }: HostQuery<'open-console'>): Promise<void> {
    const { consoles, controller, log } = this.parts;
    const opened = this.open.size >= MOST_CONSOLES ? new NoConsole('The host has too many open consoles.') : undefined;
    const console = opened ?? (await consoles.open(resource.id, payload.kind).catch(orNoConsole));
    if (console instanceof NoConsole) {
      await controller.reply(requestId, console.message);
      return;
    }
    this.open.add(console);
    console.on('error', () => undefined).once('close', () => this.open.delete(console));
    const fields = { instanceId: resource.id, kind: payload.kind };
    try {
      if (await controller.joinConsole(requestId, console)) log.info('console: connected', fields);
      else console.destroy();
    } catch (error) {
      console.destroy();
      throw error;
    }
  }

  /** Ends all of them. */
  close(): void {
    for (const console of this.open) console.destroy();
  }
}

function orNoConsole(error: unknown): NoConsole {
  if (error instanceof NoConsole) return error;
  throw error;
}

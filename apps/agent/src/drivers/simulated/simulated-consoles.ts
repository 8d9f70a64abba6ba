import { Duplex } from 'node:stream';

import type { ConsoleKind } from '@cairn/host-protocol';

import { type GuestConsoles, NoConsole } from '../../ports/guest-consoles.port';

import type { SimulatedHost } from './simulated-host';
import { simulatedScreen } from './simulated-screen';

/** Consoles of simulated guests: a screen of one colour, and a serial port that asks for a login and echoes. */
export class SimulatedConsoles implements GuestConsoles {
  private readonly serials = new Map<string, Duplex>();

  constructor(private readonly host: SimulatedHost) {}

  open(instanceId: string, kind: ConsoleKind): Promise<Duplex> {
    const domain = this.host.domains.get(instanceId);
    if (domain?.running !== true) return Promise.reject(new NoConsole('The guest does not run.'));
    const stream = kind === 'vnc' ? simulatedScreen(domain.spec.domainName) : this.serial(instanceId);
    void this.endWithGuest(instanceId, domain.starts, stream);
    return Promise.resolve(stream);
  }

  private serial(instanceId: string): Duplex {
    const stream = Duplex.from((source: AsyncIterable<Buffer | string>) => this.echo(instanceId, source));
    this.serials.get(instanceId)?.destroy();
    this.serials.set(instanceId, stream);
    stream.once('close', () => {
      if (this.serials.get(instanceId) === stream) this.serials.delete(instanceId);
    });
    return stream;
  }

  private async *echo(instanceId: string, source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    const name = this.host.domains.get(instanceId)?.spec.hostname ?? '';
    yield Buffer.from(`\r\n${name} login: `);
    for await (const chunk of source) yield Buffer.from(chunk);
  }

  private async endWithGuest(instanceId: string, start: number, stream: Duplex): Promise<void> {
    const closed = new AbortController();
    stream
      .on('error', () => undefined)
      .once('close', () => {
        closed.abort();
      });
    for await (const _name of this.host.changedDomains(closed.signal)) {
      const domain = this.host.domains.get(instanceId);
      if (domain?.running === true && domain.starts === start) continue;
      stream.destroy();
      return;
    }
  }
}

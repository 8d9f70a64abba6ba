import { Duplex } from 'node:stream';

import type { ConsoleKind } from '@cairn/host-protocol';

import { type GuestConsoles, NoConsole } from '../../ports/guest-consoles.port';
import { SerialStreams } from '../serial-streams';

import type { SimulatedHost } from './simulated-host';
import { simulatedScreen } from './simulated-screen';

/** Consoles of simulated guests: a screen of one colour, and a serial port that asks for a login and echoes. */
export class SimulatedConsoles implements GuestConsoles {
  private readonly serials = new SerialStreams();

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
    this.serials.take(instanceId, stream);
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

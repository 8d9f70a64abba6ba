import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import { parsedConnection } from '@cairn/event-store';

import type { Log } from '../../ports/log.port';

/** A TCP port at an address of either family. */
export interface Service {
  readonly address: string;
  readonly port: number;
}

/** Ports of URLs that name none. */
const PORTS: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
  ['redis:', 6379],
  ['rediss:', 6379],
]);

const LOOPBACK = /^(?:127\.|::1$)/;

/**
 * Where a host reaches the controller, the queue and the log. What its guests send leaves under its address, so these
 * services would take a guest for the host. Loopback is none of them: no guest's packet gets there.
 */
export class OwnServices {
  private readonly known = new Map<string, readonly Service[]>();

  constructor(
    private readonly urls: readonly string[],
    private readonly log: Log,
    private readonly resolve: (name: string) => Promise<readonly string[]> = addressesOf,
  ) {}

  /** All whose name can be resolved; the others are looked up again when this is asked next. */
  async all(): Promise<readonly Service[]> {
    const found = await Promise.all(this.urls.map((url) => this.at(url)));
    return found.flat();
  }

  private async at(url: string): Promise<readonly Service[]> {
    const known = this.known.get(url);
    if (known !== undefined) return known;
    try {
      const services = await Promise.all(
        endpointsIn(url).map(async ({ name, port }) =>
          (await this.resolve(name)).map((address): Service => ({ address, port })),
        ),
      );
      const reachable = services.flat().filter(({ address }) => isIP(address) !== 0 && !LOOPBACK.test(address));
      this.known.set(url, reachable);
      return reachable;
    } catch (error) {
      this.log.error('guests are not kept from a service of this host, whose name cannot be resolved', { url, error });
      return [];
    }
  }
}

/** A connection string of the log may name several nodes. */
function endpointsIn(url: string): readonly { readonly name: string; readonly port: number }[] {
  if (url.startsWith('esdb')) return parsedConnection(url).hosts.map(({ address, port }) => ({ name: address, port }));
  const { protocol, hostname, port } = new URL(url);
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  return [{ name, port: port === '' ? (PORTS.get(protocol) ?? 0) : Number(port) }];
}

async function addressesOf(name: string): Promise<readonly string[]> {
  if (isIP(name) !== 0) return [name];
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

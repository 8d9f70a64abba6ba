import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connections } from '@cairn/edge';

/** The share of one client's address in the connections that others than this machine can open. */
const SHARE = 4;

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** The addresses that a server listens on, with a bound on the connections of each. */
export class Listeners {
  private readonly servers: Server[] = [];
  private readonly bounds: Connections[] = [];

  /**
   * @param accept takes each connection
   * @param most connections of one address at a time; what is beyond is closed at once
   */
  constructor(
    private readonly accept: (connection: Socket) => void,
    private readonly most: number,
  ) {}

  /** Connections that are open. */
  get connections(): number {
    return this.bounds.reduce((sum, { size }) => sum + size, 0);
  }

  /** Connections that were closed at once. */
  get refused(): number {
    return this.bounds.reduce((sum, { refused }) => sum + refused, 0);
  }

  /** @returns the port, which the system chose if 0 was asked for */
  listen(host: string, port: number): Promise<number> {
    const perAddress = isThisMachine(host) ? this.most : Math.ceil(this.most / SHARE);
    const bound = new Connections({ total: this.most, perAddress });
    const server = createServer({ noDelay: true }, (connection) => {
      if (bound.admit(connection) !== undefined) {
        connection.destroy();
        return;
      }
      bound.use(connection); // always: a connection of gRPC is not opened for a single call
      this.accept(connection);
    });
    this.bounds.push(bound);
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      // Later ones pass: no descriptor was left for a connection.
      server.on('error', () => undefined);
      server.listen({ host, port }, () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections; those that are open stay. */
  close(): void {
    for (const server of this.servers) server.close();
  }
}

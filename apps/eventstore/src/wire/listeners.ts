import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The addresses that a server listens on, with a bound on the connections of each. */
export class Listeners {
  private readonly servers: Server[] = [];
  private open = 0;
  private dropped = 0;

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
    return this.open;
  }

  /** Connections that were closed at once. */
  get refused(): number {
    return this.dropped;
  }

  /** @returns the port, which the system chose if 0 was asked for */
  listen(host: string, port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (connection) => {
      this.open += 1;
      connection.once('close', () => {
        this.open -= 1;
      });
      this.accept(connection);
    });
    server.maxConnections = this.most;
    server.on('drop', () => {
      this.dropped += 1;
    });
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

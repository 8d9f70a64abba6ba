import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { EventStoreDb } from './eventstoredb';

describe('the client of the log', () => {
  it('lets a server send more than the fifty events that HTTP/2 begins with', async () => {
    const server = createServer();
    const connected = once(server, 'session') as Promise<[ServerHttp2Session]>;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const log = EventStoreDb.connect(`esdb://127.0.0.1:${String(port)}?tls=false`);
    log.head().catch(() => undefined); // nobody answers
    const [session] = await connected;
    if (session.remoteSettings.initialWindowSize === 65_535) await once(session, 'remoteSettings');
    expect(session.remoteSettings.initialWindowSize).toBe(256 * 1024);
    session.destroy();
    server.close();
    await log.close();
  });
});

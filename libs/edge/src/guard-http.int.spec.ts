import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { guardHttp, HTTP_TIMEOUTS, type HttpGuard } from './guard-http';

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
const LIMITS = { total: 6, perAddress: 4 };

describe('a guarded HTTP server', () => {
  let server: Server;
  let guard: HttpGuard;
  let held: (() => void)[] = [];
  const sockets: Socket[] = [];
  const answer: RequestListener = (request, response) => {
    const refusal = guard.refusalOf(request);
    if (refusal !== undefined) response.writeHead(503, { connection: 'close' }).end(refusal);
    else if (request.url === '/slow') held.push(() => response.end('late'));
    else response.end('hello');
  };

  beforeEach(async () => {
    server = createServer(HTTP_TIMEOUTS, answer);
    guard = guardHttp(server, LIMITS);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    for (const end of held) end();
    held = [];
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  async function dial(localAddress: string): Promise<Socket> {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined).setEncoding('utf8');
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** What the server says to a request. */
  async function ask(socket: Socket): Promise<string> {
    const answered = once(socket, 'data');
    socket.write(REQUEST);
    return String((await answered)[0]);
  }

  async function work(count: number, address: string): Promise<void> {
    for (let i = 0; i < count; i += 1) (await dial(address)).write(REQUEST.replace('/', '/slow'));
    while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('takes new connections, however many are open and idle', async () => {
    const idle = [];
    for (let i = 0; i < 30; i += 1) idle.push(await dial('127.0.0.1'));
    expect(await ask(await dial('127.0.0.1'))).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
    expect(guard.connections.size).toBe(4);
    expect(guard.connections.refused).toBe(27);
  });

  it('tells one too many why it is refused, and the others go on', async () => {
    await work(4, '127.0.0.2');
    expect(await ask(await dial('127.0.0.2'))).toMatch(/^HTTP\/1\.1 503 .*address/s);
    expect(await ask(await dial('127.0.0.3'))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('lets a connection that has left HTTP stay, however many come', async () => {
    server.on('upgrade', (_request, socket: Socket) => {
      guard.upgrade(socket);
      socket.on('end', () => socket.end()).resume(); // nobody else ends it: the server waits for it
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    const left = await dial('127.0.0.1');
    left.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
    await once(left, 'data');
    for (let i = 0; i < 30; i += 1) await dial('127.0.0.1');
    expect(await ask(await dial('127.0.0.1'))).toMatch(/^HTTP\/1\.1 200 /);
    expect([left.destroyed, left.readyState]).toEqual([false, 'open']);
  });

  it('refuses those of every address while all are at work', async () => {
    await work(4, '127.0.0.2');
    held.length = 0;
    await work(2, '127.0.0.3');
    expect(await ask(await dial('127.0.0.4'))).toMatch(/^HTTP\/1\.1 503 .*total/s);
  });
});

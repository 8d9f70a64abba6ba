import { Body, type CanActivate, Controller, type ExecutionContext, HttpCode, Module, Post, Put } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Allow, IsObject } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { openApplication } from '../../application/application';
import { fakeCore, principalOf, tokens } from '../../application/core/testing/fake-core';
import { NoToken } from './access';
import { TakesStream } from './body-limits';
import { novaDialect } from './dialects';
import { startHttpService } from './http-service';
import { HttpProblem } from './problem';
import type { RunningService } from './service';

class ThingBody {
  @IsObject() readonly thing!: object;
  @Allow() readonly things?: unknown;
}

@Controller()
class ThingsController {
  @Post('things')
  @HttpCode(202)
  create(@Body() { thing }: ThingBody): unknown {
    return { keys: Object.keys(thing).length };
  }

  @Post('open')
  @NoToken()
  open(@Body() { thing }: ThingBody): unknown {
    return { keys: Object.keys(thing).length };
  }

  @Put('file')
  @TakesStream()
  async upload(@Body() body: unknown): Promise<unknown> {
    let bytes = 0;
    for await (const chunk of body as Readable) bytes += (chunk as Buffer).length;
    return { bytes };
  }
}

/** As a service's own guard is, which asks more than whether the token is good. */
class ClosedGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers['x-closed'] !== undefined) throw new HttpProblem(403);
    return true;
  }
}

@Module({ controllers: [ThingsController], providers: [{ provide: APP_GUARD, useClass: ClosedGuard }] })
class ThingsModule {}

const TOKEN = 'x-auth-token: demo\r\n';
const head = (method: string, path: string, length: number, more = '', type = 'application/json'): string =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${String(length)}\r\n${more}\r\n`;

describe('bodies of requests', () => {
  let service: RunningService;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    const core = fakeCore({ authenticator: tokens({ demo: principalOf('demo', 'p1', 'member') }) });
    service = await startHttpService(await openApplication(core), {
      name: 'compute',
      dialect: novaDialect,
      module: ThingsModule,
      port: 0,
      connections: 8,
      streamedTypes: ['application/octet-stream'],
    });
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(() => service.close());

  async function dial(): Promise<Socket> {
    const socket = connect(service.port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** What the service says to these bytes at once. */
  async function said(bytes: string, socket?: Socket): Promise<string> {
    const to = socket ?? (await dial());
    const answered = once(to, 'data');
    to.write(bytes);
    return String((await answered)[0]);
  }

  const post = (path: string, body: string, more = TOKEN): Promise<string> =>
    said(`${head('POST', path, Buffer.byteLength(body), more)}${body}`);

  it('are not waited for without a good token', async () => {
    expect(await said(`${head('POST', '/things', 1000)}{"thing"`)).toMatch(/^HTTP\/1\.1 401 .*"unauthorized"/s);
    expect(await said(`${head('POST', '/things', 1e9, 'x-auth-token: bad\r\n')}{`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('are not waited for where the service itself refuses the request', async () => {
    const closed = `${TOKEN}x-closed: yes\r\n`;
    expect(await said(`${head('POST', '/things', 1000, closed)}{"thing"`)).toMatch(/^HTTP\/1\.1 403 .*"forbidden"/s);
  });

  it('that nobody reads are thrown away for a moment, so that the answer arrives', async () => {
    const socket = await dial();
    expect(await said(`${head('POST', '/things', 300_000)}{`, socket)).toMatch(/^HTTP\/1\.1 401 /);
    socket.write('x'.repeat(299_999));
    expect(await said(`${head('POST', '/things', 2, TOKEN)}{}`, socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that go on for ever end with their connection', async () => {
    const socket = await dial();
    await said(`${head('POST', '/things', 1e9)}{`, socket);
    const drip = setInterval(() => socket.write('x'), 100);
    await once(socket, 'close');
    clearInterval(drip);
  }, 20_000);

  it('may hold so many values, whatever their size', async () => {
    const wide = (count: number): string =>
      JSON.stringify({ thing: Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${String(i)}`, 0])) });
    expect(await post('/things', wide(4000))).toMatch(/^HTTP\/1\.1 202 .*4000/s);
    expect(await post('/things', wide(5000))).toMatch(/^HTTP\/1\.1 413 .*holds more than/s);
    expect(await post('/things', JSON.stringify({ thing: {}, things: Array(5000).fill(0) }))).toMatch(/ 413 /);
    expect(await post('/open', wide(500), '')).toMatch(/^HTTP\/1\.1 413 .*holds more than/s);
  });

  it('may be so long, of strangers a little', async () => {
    expect(await said(head('POST', '/things', 2 ** 20 + 1, TOKEN))).toMatch(/^HTTP\/1\.1 413 .*overLimit/s);
    expect(await said(head('POST', '/open', 2 ** 16 + 1))).toMatch(/^HTTP\/1\.1 413 .*overLimit/s);
    const chunk = `10001\r\n${'x'.repeat(0x10001)}\r\n`;
    const chunked = head('POST', '/open', 0).replace('content-length: 0', 'transfer-encoding: chunked');
    expect(await said(`${chunked}${chunk}`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('are UTF-8', async () => {
    const socket = await dial();
    const bytes = Buffer.from('{"thing": {"a": "\xff"}}', 'latin1');
    const answered = once(socket, 'data');
    socket.write(head('POST', '/things', bytes.length, TOKEN));
    socket.write(bytes);
    expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('are of the type that the route takes', async () => {
    expect(await said(`${head('PUT', '/file', 2, TOKEN)}{}`)).toMatch(/^HTTP\/1\.1 415 /);
    expect(await said(`${head('POST', '/things', 2, TOKEN, 'application/octet-stream')}{}`)).toMatch(/ 415 /);
    expect(await said(`${head('PUT', '/file', 3, TOKEN, 'application/octet-stream')}abc`)).toMatch(/"bytes":3/);
  });

  it('under way hold their connection; one connection more is told so', async () => {
    const [first, second] = [await dial(), await dial()];
    const upload = head('PUT', '/file', 9, `${TOKEN}expect: 100-continue\r\n`, 'application/octet-stream');
    for (const socket of [first, second]) expect(await said(upload, socket)).toMatch(/ 100 Continue/);
    await said(`${head('POST', '/things', 2, TOKEN)}{}`, await dial()).then((answer) => {
      expect(answer).toMatch(/^HTTP\/1\.1 429 .*connection: close.*"overLimit":\{"code":429/s);
    });
    first.write('123456789');
    await once(first, 'data');
    expect(await post('/things', '{"thing": {}}')).toMatch(/^HTTP\/1\.1 202 /);
  });
});

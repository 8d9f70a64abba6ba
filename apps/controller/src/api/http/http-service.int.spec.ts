import { Controller, Get, Module } from '@nestjs/common';
import { once } from 'node:events';
import { connect } from 'node:net';
import { openApplication } from '../../application/application';
import { VersionDocument } from './access';
import { novaDialect } from './dialects';
import { startHttpService } from './http-service';
import type { RunningService } from './service';
import { fakeCore } from '../../application/core/testing/fake-core';

@Controller()
class RootController {
  @Get()
  @VersionDocument()
  root(): unknown {
    return { versions: [] };
  }
}

@Module({ controllers: [RootController] })
class RootModule {}

describe('an HTTP server', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startHttpService(await openApplication(fakeCore()), {
      name: 'compute',
      dialect: novaDialect,
      module: RootModule,
      port: 0,
    });
  });
  afterAll(() => service.close());

  /** All that the server says to these bytes until it closes. */
  async function raw(bytes: string): Promise<string> {
    const socket = connect(service.port, '127.0.0.1');
    socket.setEncoding('utf8');
    let answer = '';
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }

  it('listens on the loopback only', () => {
    expect(service.url).toBe(`http://127.0.0.1:${String(service.port)}`);
  });

  it('answers what is no HTTP in the service’s shape, with a request id', async () => {
    const answer = await raw('this is no request\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const [, id] = /\r\nx-compute-request-id: (req-[0-9a-f-]{36})\r\n/.exec(answer) ?? [];
    expect(answer).toContain(`\r\nx-openstack-request-id: ${id ?? 'none'}\r\n`);
    expect(answer).toMatch(/\{"badRequest":\{"code":400,"message":"[^"]+"\}\}$/);
  });

  it('refuses headers that are too large', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('names no host in its links that is none', async () => {
    const answer = await raw('GET / HTTP/1.1\r\nhost: a"><script>\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('tells a second server that the port is taken', async () => {
    const again = { name: 'image', dialect: novaDialect, module: RootModule, port: service.port };
    await expect(startHttpService(await openApplication(fakeCore()), again)).rejects.toThrow('EADDRINUSE');
  });
});

import { Controller, Get, Module, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Application, openApplication } from '../../application/application';
import { SERVICES } from '../../application/registry';
import { fakeCore } from '../../application/core/testing/fake-core';
import { ServerWrites } from '../../application/server/server-writes';
import { NoToken } from './access';
import { novaDialect, plainDialect } from './dialects';
import { createHttpService } from './http-service';

@Controller('writes')
@NoToken()
class WritingController {
  constructor(private readonly writes: ServerWrites) {}

  @Put(':id')
  async write(@Param('id') id: string): Promise<object> {
    await this.writes.settled([[id, { position: 7n }]]);
    return {};
  }
}

@Controller('reads')
@NoToken()
class ReadingController {
  constructor(private readonly writes: ServerWrites) {}

  @Get(':id')
  read(@Param('id') id: string): object {
    return { ahead: this.writes.isAhead(id) };
  }
}

@Module({ controllers: [WritingController] })
class OneFacade {}

@Module({ controllers: [ReadingController] })
class OtherFacade {}

describe('two façades of one process', () => {
  let application: Application;
  let one: NestFastifyApplication;
  let other: NestFastifyApplication;

  beforeAll(async () => {
    const core = fakeCore();
    const lagging = { ...core.readModel, position: 6n, waitFor: () => Promise.resolve(false) };
    application = await openApplication({ ...core, readModel: lagging });
    one = await createHttpService(application, { name: 'one', dialect: novaDialect, module: OneFacade, port: 0 });
    other = await createHttpService(application, {
      name: 'other',
      dialect: plainDialect,
      module: OtherFacade,
      port: 0,
    });
  });
  afterAll(() => Promise.all([one.close(), other.close(), application.close()]));

  it('share every query, and the bus of commands', () => {
    for (const service of [...SERVICES, CommandBus]) {
      expect(one.get(service)).toBe(application.get(service));
      expect(other.get(service)).toBe(application.get(service));
    }
  });

  it('know of each other what the read model does not show yet', async () => {
    expect((await one.inject({ method: 'PUT', url: '/writes/a' })).statusCode).toBe(200);
    expect((await other.inject({ url: '/reads/a' })).json()).toEqual({ ahead: true });
    expect((await other.inject({ url: '/reads/b' })).json()).toEqual({ ahead: false });
  });
});

import { Policy } from '../../../http';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { OperationRequest } from '@cairn/domain';
import type { FastifyReply } from 'fastify';
import { LaunchServers } from '../../../../application/server/server-launch.command';
import { Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import type { ControllerConfig } from '../../../../config';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import { badRequest, requireKnownFields } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { presentPage } from '../shared/nova-lists';
import { booleanOf } from '../shared/validators';
import { CreateServerBody } from './create-server.dto';
import { ServerOperator } from './server-operator';
import { ServerReader } from './server-reader';
import { accessAddresses, launchSpec } from './launch-spec';
import { presentLaunchedServer, presentServer, presentServerBrief, presentUpdatedServer } from './server.presenter';
import { UpdateServerBody } from './update-server.dto';

const UPDATED_FIELDS = { description: { since: 19 }, hostname: { since: 90 } };

@Controller(computePaths('servers'))
export class ServersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly lists: Lists,
    private readonly reader: ServerReader,
    private readonly operator: ServerOperator,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'enableInstancePassword'>,
  ) {}

  @Get()
  @Policy('os_compute_api:servers:index')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const page = await this.lists.page(await this.reader.list('index', request), request, ['id', 'name']);
    return presentPage('servers', 'servers', page, request, (row) => presentServerBrief(row, request));
  }

  @Get('detail')
  @Policy('os_compute_api:servers:detail')
  async detail(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const page = await this.lists.page(await this.reader.list('detail', request), request);
    const viewer = await this.reader.viewer(page.rows, request);
    return presentPage('servers', 'servers/detail', page, request, (row) => presentServer(row, viewer));
  }

  @Get(':id')
  @Policy('os_compute_api:servers:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const row = await this.reader.one(id, request);
    return { server: presentServer(row, await this.reader.viewerOf(row, request)) };
  }

  @Post()
  @Policy('os_compute_api:servers:create')
  @HttpCode(202)
  async create(
    @Body() body: CreateServerBody,
    @FromCompute() request: ComputeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const asked = launchSpec(body, request.minor, request.rights);
    const context = commandContext(request.caller, 'create-server', this.random);
    const { reservationId, servers } = await this.commands.execute(
      new LaunchServers(request.projectId, asked, context),
    );
    const [first] = servers;
    if (first === undefined) throw badRequest('min_count must be at least 1');
    if (booleanOf(body.server.return_reservation_id) === true) return { reservation_id: reservationId };
    void reply.header('location', request.links.locationOf('servers', first.id));
    const launched = {
      ...asked,
      id: first.id,
      adminPass: this.config.enableInstancePassword ? (body.server.adminPass ?? first.adminPass) : null,
    };
    return { server: presentLaunchedServer(launched, request.links) };
  }

  @Put(':id')
  @Policy('os_compute_api:servers:update')
  async update(
    @Param('id') id: string,
    @Body() body: UpdateServerBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { server } = body;
    requireKnownFields(request.minor, server, UPDATED_FIELDS);
    await this.reader.one(id, request);
    const { name, description, hostname, 'OS-DCF:diskConfig': diskConfig } = server;
    const addresses = accessAddresses(server);
    const operations: OperationRequest[] = [
      ...(name === undefined ? [] : [{ name: 'rename', input: { name } } as const]),
      ...(description === undefined ? [] : [{ name: 'describe', input: { description } } as const]),
      ...(hostname === undefined ? [] : [{ name: 'set-hostname', input: { hostname } } as const]),
      ...(Object.keys(addresses).length === 0 ? [] : [{ name: 'set-access-addresses', input: { addresses } } as const]),
      ...(diskConfig === undefined
        ? []
        : [{ name: 'set-disk-config', input: { autoDiskConfig: diskConfig === 'AUTO' } } as const]),
    ];
    await this.operator.operate(id, operations, 'update-server', request);
    const updated = await this.reader.one(id, request);
    return { server: presentUpdatedServer(updated, await this.reader.viewerOf(updated, request)) };
  }

  @Delete(':id')
  @Policy('os_compute_api:servers:delete')
  @HttpCode(204)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.operator.delete(id, request);
  }
}

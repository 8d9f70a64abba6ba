import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { addressClaimId, own } from '@cairn/domain';
import { commandContext, CLOCK, RANDOM } from '../../../../application/core';
import { listed } from '../../../../application/lists';
import { ReadDiagnostics } from '../../../../application/server/server-diagnostics.handler';
import { AttachInterface, DetachInterface } from '../../../../application/server/server-interfaces.handler';
import type { Random } from '../../../../random';
import type { Clock } from '../../../../runtime/ports';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { Since, Until } from '../shared/compute-request.guard';
import { presentCounters, presentDiagnostics } from './diagnostics.presenter';
import { VIRTUAL_INTERFACES } from './interface-list';
import { AttachInterfaceBody, wantedInterface } from './interface-requests';
import { presentInterface, presentVirtualInterface } from './interface.presenter';
import { ServerReader } from './server-reader';

/** Diagnostics of one shape for all drivers begin here. */
const ONE_SHAPE_SINCE = 48;

/** What a guest is made of, and how that does. */
@Controller(computePaths('servers/:id'))
export class ServerDevicesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reader: ServerReader,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get('diagnostics')
  @Policy('os_compute_api:os-server-diagnostics')
  async diagnostics(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { launchedAt, hasConfigDrive } = await this.reader.one(id, request);
    const found = await this.commands.execute(new ReadDiagnostics(id, scopeOf(request)));
    if (request.minor < ONE_SHAPE_SINCE) return presentCounters(found);
    const ran = launchedAt === null ? 0 : Date.parse(this.clock.now()) - Date.parse(launchedAt);
    return presentDiagnostics(found, Math.max(0, Math.floor(ran / 1000)), hasConfigDrive);
  }

  /** Cairn places no guest on certain nodes of its host's memory. */
  @Get('topology')
  @Policy('compute:server:topology:index')
  @Since(78)
  async topology(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.reader.one(id, request);
    return { nodes: [], pagesize_kb: null };
  }

  @Get('os-interface')
  @Policy('os_compute_api:os-attach-interfaces:list')
  async interfaces(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const addresses = await this.tagged(id, request);
    return { interfaceAttachments: addresses.map((address) => presentInterface(address, request)) };
  }

  @Get('os-interface/:portId')
  @Policy('os_compute_api:os-attach-interfaces:show')
  async interface(
    @Param('id') id: string,
    @Param('portId') portId: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { interfaceAttachment: await this.one(id, portId, request) };
  }

  /** Answers when the guest has it. */
  @Post('os-interface')
  @Policy('os_compute_api:os-attach-interfaces:create')
  @HttpCode(200)
  async attach(
    @Param('id') id: string,
    @Body() body: AttachInterfaceBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    await this.reader.one(id, request);
    const wanted = wantedInterface(body, request.minor);
    const context = commandContext(request.caller, `attach-interface/${id}`, this.random);
    const scope = scopeOf(request);
    const portId = await this.commands.execute(new AttachInterface(id, scope, wanted, context));
    return { interfaceAttachment: await this.one(id, portId, request) };
  }

  @Delete('os-interface/:portId')
  @Policy('os_compute_api:os-attach-interfaces:delete')
  @HttpCode(202)
  async detach(
    @Param('id') id: string,
    @Param('portId') portId: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    await this.one(id, portId, request);
    const context = commandContext(request.caller, `detach-interface/${id}/${portId}`, this.random);
    const scope = scopeOf(request);
    await this.commands.execute(new DetachInterface(id, scope, { portId }, context));
  }

  @Get('os-virtual-interfaces')
  @Policy('os_compute_api:os-virtual-interfaces')
  @Until(43)
  async virtualInterfaces(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { addresses } = await this.reader.one(id, request);
    const { rows } = await listed(VIRTUAL_INTERFACES, addresses, request);
    return { virtual_interfaces: rows.map((address) => presentVirtualInterface(address, request)) };
  }

  private async one(id: string, portId: string, request: ComputeRequest): Promise<ReturnType<typeof presentInterface>> {
    const addresses = await this.tagged(id, request);
    const found = addresses.find((address) => address.id === portId);
    if (found === undefined)
      throw new HttpProblem(404, `Instance ${id} does not have a port with id ${portId.slice(0, 255)}`);
    return presentInterface(found, request);
  }

  private async tagged(
    id: string,
    request: ComputeRequest,
  ): Promise<readonly Parameters<typeof presentInterface>[0][]> {
    const { addresses, nicTags } = await this.reader.one(id, request);
    return addresses.map((address) => {
      const atLaunch = address.id === addressClaimId(id, address.networkId);
      return { ...address, tag: atLaunch ? own(nicTags, address.networkId) : address.tag };
    });
  }
}

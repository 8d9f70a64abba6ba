import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { deriveId, streamRef } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { Lists } from '../../../../application/lists';
import { CreateNetwork } from '../../../../application/network/network.handlers';
import { NetworkQuery } from '../../../../application/network/network.query';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { CreateNetworkBody } from './network.dto';
import { NETWORKS } from './network-lists';
import { presentNetwork, presentTenantNetwork } from './network.presenter';
import { newNetwork } from './new-network';

/** nova-network's own API, for administrators with what concerns the hosts. */
@Controller(computePaths('os-networks'))
@Until(LAST_PROXY)
export class NetworksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: Writes,
    private readonly networks: NetworkQuery,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-networks:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(NETWORKS, request);
    return { networks: rows.map((row) => presentNetwork(row, request.rights.isAdmin)) };
  }

  @Get(':id')
  @Policy('os_compute_api:os-networks:show')
  async show(@Param('id') id: string, @FromCompute() { rights }: ComputeRequest): Promise<unknown> {
    return { network: presentNetwork(await found(this.networks, id), rights.isAdmin) };
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-networks')
  async create(@Body() { network }: CreateNetworkBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const context = commandContext(request.caller, 'create-network', this.random);
    const id = deriveId(context.commandId, 'network');
    await this.commands.execute(new CreateNetwork(newNetwork(network, id), context));
    return { network: presentNetwork(await this.networks.made(id), true) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy('os_compute_api:os-networks')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await found(this.networks, id);
    const context = commandContext(request.caller, `delete-network/${id}`, this.random);
    await this.writes.execute(streamRef('network', id), { type: 'DeleteNetwork', data: {} }, context);
  }
}

/** The short form that tenants were given. */
@Controller(computePaths('os-tenant-networks'))
@Until(LAST_PROXY)
export class TenantNetworksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: Writes,
    private readonly networks: NetworkQuery,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-tenant-networks:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(NETWORKS, request);
    return { networks: rows.map(presentTenantNetwork) };
  }

  @Get(':id')
  @Policy('os_compute_api:os-tenant-networks:show')
  async show(@Param('id') id: string): Promise<unknown> {
    return { network: presentTenantNetwork(await found(this.networks, id)) };
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-tenant-networks')
  async create(@Body() { network }: CreateNetworkBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const context = commandContext(request.caller, 'create-network', this.random);
    const id = deriveId(context.commandId, 'network');
    await this.commands.execute(new CreateNetwork(newNetwork(network, id), context));
    return { network: { id, label: network.label, cidr: network.cidr } };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy('os_compute_api:os-tenant-networks')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await found(this.networks, id);
    const context = commandContext(request.caller, `delete-network/${id}`, this.random);
    await this.writes.execute(streamRef('network', id), { type: 'DeleteNetwork', data: {} }, context);
  }
}

async function found(networks: NetworkQuery, id: string): Promise<NetworkRow> {
  const row = await networks.find(id);
  if (row === null) throw new HttpProblem(404, `Network ${id} could not be found.`);
  return row;
}

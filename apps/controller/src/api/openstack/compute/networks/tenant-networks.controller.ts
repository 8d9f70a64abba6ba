import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Lists } from '../../../../application/lists';
import { NetworkQuery } from '../../../../application/network/network.query';
import type { ControllerConfig } from '../../../../config';
import { Policy } from '../../../http';
import { CONFIG } from '../../../../application/core';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { CreateTenantNetworkBody } from './network.dto';
import { NETWORKS } from './network-lists';
import { NetworkOperator } from './network-operator';
import { presentTenantNetwork } from './network.presenter';
import { tenantNetworks } from './new-network';

/** The short form that tenants were given. */
@Controller(computePaths('os-tenant-networks'))
@Until(LAST_PROXY)
export class TenantNetworksController {
  constructor(
    private readonly networks: NetworkQuery,
    private readonly operator: NetworkOperator,
    private readonly lists: Lists,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  @Get()
  @Policy('os_compute_api:os-tenant-networks:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(NETWORKS, request);
    return { networks: rows.map(presentTenantNetwork) };
  }

  @Get(':id')
  @Policy('os_compute_api:os-tenant-networks:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { network: presentTenantNetwork(await this.networks.get(id, scopeOf(request))) };
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-tenant-networks')
  async create(@Body() { network }: CreateTenantNetworkBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const made = await this.operator.createForTenant(request, (id) =>
      tenantNetworks(network, id, request.projectId, this.config.cloud.network),
    );
    return { network: presentTenantNetwork(made) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy('os_compute_api:os-tenant-networks')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.operator.remove(id, scopeOf(request), { alsoOfProject: true }, request);
  }
}

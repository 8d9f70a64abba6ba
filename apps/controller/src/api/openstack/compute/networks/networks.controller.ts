import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { own } from '@cairn/domain';
import { Lists } from '../../../../application/lists';
import { NetworkQuery } from '../../../../application/network/network.query';
import { NetworkAssociations } from '../../../../application/network/network-associations';
import { NetworkGateways } from '../../../../application/network/network-gateways';
import type { ControllerConfig } from '../../../../config';
import type { Random } from '../../../../random';
import { Policy, PolicyOfTarget, validBody } from '../../../http';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import { actionIn, noSuchAction } from '../shared/action-body';
import { notBuilt } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { AddNetworkBody, AssociateHostBody, CreateNetworkBody } from './network.dto';
import { NETWORKS } from './network-lists';
import { NetworkOperator } from './network-operator';
import { presentNetwork } from './network.presenter';
import { newNetwork } from './new-network';

/** What an action changes. */
const ACTIONS: Readonly<Record<string, { readonly rule: string; readonly of: 'project' | 'no host' | 'one host' }>> = {
  disassociate: { rule: 'os_compute_api:os-networks', of: 'project' },
  disassociate_project: { rule: 'os_compute_api:os-networks-associate', of: 'project' },
  disassociate_host: { rule: 'os_compute_api:os-networks-associate', of: 'no host' },
  associate_host: { rule: 'os_compute_api:os-networks-associate', of: 'one host' },
};

/** nova-network's own API, for administrators with what concerns the hosts. */
@Controller(computePaths('os-networks'))
@Until(LAST_PROXY)
export class NetworksController {
  constructor(
    private readonly networks: NetworkQuery,
    private readonly operator: NetworkOperator,
    private readonly lists: Lists,
    private readonly associations: NetworkAssociations,
    private readonly gateways: NetworkGateways,
    @Inject(CONFIG) private readonly config: ControllerConfig,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-networks:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(NETWORKS, request);
    const named = await this.gateways.namesOf(rows);
    return { networks: rows.map((row) => presentNetwork(row, request.rights.isAdmin, named(row))) };
  }

  @Get(':id')
  @Policy('os_compute_api:os-networks:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const row = await this.networks.get(id, scopeOf(request));
    const named = await this.gateways.namesOf([row]);
    return { network: presentNetwork(row, request.rights.isAdmin, named(row)) };
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-networks')
  async create(@Body() { network }: CreateNetworkBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const made = await this.operator.create(request, (id) => newNetwork(network, id, this.config.cloud.network));
    return { network: presentNetwork(made, true) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy('os_compute_api:os-networks')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.operator.remove(id, null, {}, request);
  }

  /** Gives a network to the caller's project. */
  @Post('add')
  @HttpCode(202)
  @Policy('os_compute_api:os-networks')
  async add(@Body() { id }: AddNetworkBody, @FromCompute() { caller, projectId }: ComputeRequest): Promise<void> {
    await this.associations.add(id, projectId, commandContext(caller, 'add-network', this.random));
  }

  @Post(':id/action')
  @HttpCode(202)
  @PolicyOfTarget('os_compute_api:<of the action>')
  async act(@Param('id') id: string, @Body() body: unknown, @FromCompute() request: ComputeRequest): Promise<void> {
    const [name, value] = actionIn(body);
    const action = own(ACTIONS, name);
    if (action === undefined) throw noSuchAction(name);
    request.rights.require(action.rule);
    const host = name === 'associate_host' ? await validBody(AssociateHostBody, { [name]: value }) : null;
    const row = await this.networks.get(id, null);
    const context = commandContext(request.caller, `${name}-network/${id}`, this.random);
    if (action.of === 'project') await this.associations.remove(id, context);
    else if (row.gatewayHosts === 'one') await this.gateways.move(id, host?.associate_host ?? null, context);
    else if (host !== null) throw notBuilt();
  }
}

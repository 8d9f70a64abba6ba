import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { deriveId, type FlavorRecord } from '@cairn/domain';
import type { FlavorRow } from '@cairn/projections';
import { CreateFlavor, DeleteFlavor } from '../../../../application/flavor/flavor.handlers';
import { FlavorQuery } from '../../../../application/flavor/flavor.query';
import { Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { commandContext, RANDOM } from '../../../../application/core';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { presentPage } from '../shared/nova-lists';
import { booleanOf } from '../shared/validators';
import { FLAVORS } from './flavor-list';
import { CreateFlavorBody } from './flavor.dto';
import { presentFlavor, presentFlavorBrief } from './flavor.presenter';

/** @throws HttpProblem 404, also for a private flavor that the caller may not use. */
export async function requireFlavor(flavors: FlavorQuery, id: string, { rights }: ComputeRequest): Promise<FlavorRow> {
  const row = await flavors.find(id);
  if (row === null || (!row.isPublic && !rights.isAdmin))
    throw new HttpProblem(404, `Flavor ${id} could not be found.`);
  return row;
}

@Controller(computePaths('flavors'))
export class FlavorsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly flavors: FlavorQuery,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:flavors')
  index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    return this.page(request, 'flavors', presentFlavorBrief);
  }

  @Get('detail')
  @Policy('os_compute_api:flavors')
  detail(@FromCompute() request: ComputeRequest): Promise<unknown> {
    return this.page(request, 'flavors/detail', presentFlavor);
  }

  @Get(':id')
  @Policy('os_compute_api:flavors')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { flavor: presentFlavor(await requireFlavor(this.flavors, id, request), request.links) };
  }

  @Get(':id/os-flavor-access')
  @Policy('os_compute_api:os-flavor-access')
  async access(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { isPublic } = await requireFlavor(this.flavors, id, request);
    if (isPublic) throw new HttpProblem(404, 'Access list not available for public flavors.');
    return { flavor_access: [] };
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-flavor-manage:create')
  async create(@Body() { flavor }: CreateFlavorBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const context = commandContext(request.caller, 'create-flavor', this.random);
    const given = flavor.id ?? 'auto';
    const record: FlavorRecord = {
      flavorId: given === 'auto' ? deriveId(context.commandId, 'flavor') : String(given),
      name: flavor.name,
      vcpus: Number(flavor.vcpus),
      ramMb: Number(flavor.ram),
      rootGb: Number(flavor.disk),
      ephemeralGb: Number(flavor['OS-FLV-EXT-DATA:ephemeral'] ?? 0),
      swapMb: Number(flavor.swap ?? 0),
      rxtxFactor: Number(flavor.rxtx_factor ?? 1),
      isPublic: booleanOf(flavor['os-flavor-access:is_public'] ?? true) ?? true,
    };
    await this.commands.execute(new CreateFlavor(record, context));
    const { flavorId: id, ...rest } = record;
    return { flavor: presentFlavor({ id, ...rest, createdAt: '' }, request.links) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy('os_compute_api:os-flavor-manage:delete')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await requireFlavor(this.flavors, id, request);
    await this.commands.execute(
      new DeleteFlavor(id, commandContext(request.caller, `delete-flavor/${id}`, this.random)),
    );
  }

  private async page(
    request: ComputeRequest,
    path: string,
    present: (row: FlavorRow, shown: ComputeRequest['links']) => unknown,
  ): Promise<unknown> {
    const page = await this.lists.page(FLAVORS, request);
    return presentPage('flavors', path, page, request, (row) => present(row, request.links));
  }
}

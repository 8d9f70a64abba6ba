import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { deriveId, type FlavorRecord, streamRef } from '@cairn/domain';
import type { FlavorRow } from '@cairn/projections';
import { ChangeFlavorAccess, CreateFlavor, DeleteFlavor } from '../../../../application/flavor/flavor.handlers';
import { FlavorQuery } from '../../../../application/flavor/flavor.query';
import { Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { badRequest, requireKnownFields } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { presentPage } from '../shared/nova-lists';
import { booleanOf } from '../shared/validators';
import { FLAVORS } from './flavor-list';
import { CreateFlavorBody, FlavorActionBody, UpdateFlavorBody } from './flavor.dto';
import { type FlavorViewer, presentAccess, presentFlavor, presentFlavorBrief } from './flavor.presenter';

/** @throws HttpProblem 404, also for a private flavor that the caller may not use. */
export async function requireFlavor(
  flavors: FlavorQuery,
  id: string,
  { rights, projectId }: ComputeRequest,
): Promise<FlavorRow> {
  const row = await flavors.find(id);
  if (row === null || !(row.isPublic || rights.isAdmin || row.access.includes(projectId)))
    throw new HttpProblem(404, `Flavor ${id} could not be found.`);
  return row;
}

/** From here on a public flavor has no list of projects. */
const PRIVATE_ACCESS_SINCE = 7;

/** The fields of a new flavor that not every microversion knows. */
const NEW_FIELDS = { description: { since: 55 } };

const viewerOf = ({ links, minor, rights }: ComputeRequest): FlavorViewer => ({
  links,
  minor,
  extraSpecs: rights.may('os_compute_api:os-flavor-extra-specs:index'),
});

@Controller(computePaths('flavors'))
export class FlavorsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly flavors: FlavorQuery,
    private readonly lists: Lists,
    private readonly writes: Writes,
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
    return { flavor: presentFlavor(await requireFlavor(this.flavors, id, request), viewerOf(request)) };
  }

  /** What people read of it, from 2.55 on. */
  @Put(':id')
  @Since(55)
  @Policy('os_compute_api:os-flavor-manage:update')
  async update(
    @Param('id') id: string,
    @Body() { flavor: { description } }: UpdateFlavorBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const row = await requireFlavor(this.flavors, id, request);
    const context = commandContext(request.caller, `describe-flavor/${id}`, this.random);
    await this.writes.execute(streamRef('flavor', id), { type: 'DescribeFlavor', data: { description } }, context);
    const updated = (await this.flavors.find(id)) ?? row; // gone again meanwhile
    return { flavor: presentFlavor(updated, viewerOf(request)) };
  }

  @Get(':id/os-flavor-access')
  @Policy('os_compute_api:os-flavor-access')
  async access(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { isPublic, access } = await requireFlavor(this.flavors, id, request);
    if (isPublic) throw new HttpProblem(404, 'Access list not available for public flavors.');
    return presentAccess(id, access);
  }

  @Post(':id/action')
  @HttpCode(200)
  @PolicyOfTarget('os_compute_api:os-flavor-access:<of the action>')
  async act(
    @Param('id') id: string,
    @Body() { addTenantAccess: added, removeTenantAccess: removed }: FlavorActionBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const asked = added ?? removed;
    if (asked === undefined || (added !== undefined && removed !== undefined))
      throw badRequest('The request body names one action: addTenantAccess or removeTenantAccess.');
    const rule = added === undefined ? 'remove_tenant_access' : 'add_tenant_access';
    request.rights.require(`os_compute_api:os-flavor-access:${rule}`);
    const row = await requireFlavor(this.flavors, id, request);
    if (added !== undefined && row.isPublic && request.minor >= PRIVATE_ACCESS_SINCE)
      throw new HttpProblem(409, 'Can not add access to a public flavor.');
    const type = added === undefined ? 'RevokeFlavorAccess' : 'GrantFlavorAccess';
    const context = commandContext(request.caller, `${rule}/${id}`, this.random);
    return presentAccess(id, await this.commands.execute(new ChangeFlavorAccess(id, type, asked.tenant, context)));
  }

  @Post()
  @HttpCode(200)
  @Policy('os_compute_api:os-flavor-manage:create')
  async create(@Body() { flavor }: CreateFlavorBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownFields(request.minor, flavor, NEW_FIELDS);
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
      ...(flavor.description === undefined || flavor.description === null ? {} : { description: flavor.description }),
    };
    await this.commands.execute(new CreateFlavor(record, context));
    const { flavorId: id, description = null, ...rest } = record;
    const row = { id, ...rest, description, extraSpecs: {}, access: [], createdAt: '' };
    return { flavor: presentFlavor(row, viewerOf(request)) };
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
    present: (row: FlavorRow, viewer: FlavorViewer) => unknown,
  ): Promise<unknown> {
    const page = await this.lists.page(FLAVORS, request);
    const viewer = viewerOf(request);
    return presentPage('flavors', path, page, request, (row) => present(row, viewer));
  }
}

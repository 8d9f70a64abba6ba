import { deriveId, type HostAggregate } from '@cairn/domain';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { commandContext, RANDOM } from '../../../../application/core';
import { EarlyImages } from '../../../../application/host-aggregate/early-images';
import { HostAggregateWrites } from '../../../../application/host-aggregate/host-aggregates';
import { Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import type { CommandContext } from '../../../../runtime/ports';
import { HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { badRequest, requireInteger } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { AGGREGATES } from './aggregate-list';
import { presentAggregate, presentNewAggregate } from './aggregate.presenter';
import { AggregateActionBody, CacheImagesBody, CreateAggregateBody, UpdateAggregateBody } from './aggregate.dto';

const RULE = 'os_compute_api:os-aggregates';

/** @throws HttpProblem 400 in nova's words; 404 for a number that no aggregate can have. */
function numberOf(id: string): number {
  requireInteger(id);
  const number = Number(id);
  if (!Number.isSafeInteger(number)) throw new HttpProblem(404, `Aggregate ${id.slice(0, 255)} could not be found.`);
  return number;
}

@Controller(computePaths('os-aggregates'))
export class AggregatesController {
  constructor(
    private readonly aggregates: HostAggregateWrites,
    private readonly images: EarlyImages,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy(`${RULE}:index`)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(AGGREGATES, request);
    return { aggregates: rows.map((row) => presentAggregate(row, request.minor)) };
  }

  @Get(':id')
  @Policy(`${RULE}:show`)
  async show(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    return { aggregate: presentAggregate(await this.aggregates.find(numberOf(id)), minor) };
  }

  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(@Body() body: CreateAggregateBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { name, availability_zone: zone = null } = body.aggregate;
    const context = commandContext(request.caller, 'create-aggregate', this.random);
    const uuid = deriveId(context.commandId, 'host-aggregate');
    const created = await this.aggregates.create(uuid, name, zone, context);
    return { aggregate: presentNewAggregate(created, request.minor) };
  }

  @Put(':id')
  @Policy(`${RULE}:update`)
  async update(
    @Param('id') id: string,
    @Body() { aggregate: asked }: UpdateAggregateBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { name, availability_zone: zone } = asked;
    if (name === undefined && zone === undefined)
      throw badRequest(
        'Invalid input for field/attribute aggregate. Value: {}. {} is not valid under any of the given schemas',
      );
    const change = { ...(name === undefined ? {} : { name: name.trim() }), ...(zone === undefined ? {} : { zone }) };
    const updated = await this.aggregates.update(numberOf(id), change, this.context(request, `update/${id}`));
    return { aggregate: presentAggregate(updated, request.minor) };
  }

  @Delete(':id')
  @HttpCode(200)
  @Policy(`${RULE}:delete`)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.aggregates.delete(numberOf(id), this.context(request, `delete/${id}`));
  }

  @Post(':id/action')
  @HttpCode(200)
  @PolicyOfTarget(`${RULE}:<of the action>`)
  async act(
    @Param('id') id: string,
    @Body() body: AggregateActionBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { aggregate: presentAggregate(await this.carryOut(id, body, request), request.minor) };
  }

  /** The hosts fetch the images by and by; their streams say how that went. */
  @Post(':id/images')
  @HttpCode(202)
  @Since(81)
  @Policy(`${RULE}:images`)
  async cacheImages(
    @Param('id') id: string,
    @Body() { cache }: CacheImagesBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    const number = numberOf(id);
    const imageIds = cache.map((image) => image.id);
    if (new Set(imageIds).size < imageIds.length) throw badRequest('Duplicate images in request');
    await this.images.want(number, imageIds, request.caller, this.context(request, `images/${id}`));
  }

  private carryOut(id: string, body: AggregateActionBody, request: ComputeRequest): Promise<HostAggregate> {
    const { add_host: added, remove_host: removed, set_metadata: set } = body;
    const context = (action: string): CommandContext => {
      request.rights.require(`${RULE}:${action}`);
      return this.context(request, `${action}/${id}`);
    };
    if ([added, removed, set].filter((one) => one !== undefined).length > 1)
      throw badRequest('The request body names more than one action.');
    if (added !== undefined) return this.aggregates.addHost(numberOf(id), added.host, context('add_host'));
    if (removed !== undefined) return this.aggregates.removeHost(numberOf(id), removed.host, context('remove_host'));
    if (set !== undefined) return this.aggregates.setMetadata(numberOf(id), set.metadata, context('set_metadata'));
    throw badRequest('The request body names no action: add_host, remove_host or set_metadata.');
  }

  private context({ caller }: ComputeRequest, action: string): CommandContext {
    return commandContext(caller, `aggregate-${action}`, this.random);
  }
}

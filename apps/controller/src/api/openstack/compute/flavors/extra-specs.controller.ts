import { type ExtraSpecs, noExtraSpec, own, streamRef } from '@cairn/domain';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { FlavorQuery } from '../../../../application/flavor/flavor.query';
import type { Random } from '../../../../random';
import { Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { requireKnownSpecs } from './extra-spec-rules';
import { CreateExtraSpecsBody, type GivenSpecs, oneExtraSpec } from './extra-specs.dto';
import { requireFlavor } from './flavors.controller';

const RULE = 'os_compute_api:os-flavor-extra-specs';

/** nova takes numbers, too, and keeps text. */
const texts = (given: GivenSpecs): ExtraSpecs =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));

@Controller(computePaths('flavors/:id/os-extra_specs'))
export class ExtraSpecsController {
  constructor(
    private readonly flavors: FlavorQuery,
    private readonly writes: Writes,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy(`${RULE}:index`)
  async index(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { extra_specs: await this.specsOf(id, request) };
  }

  @Get(':key')
  @Policy(`${RULE}:show`)
  async show(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const value = own(await this.specsOf(id, request), key);
    if (value === undefined) throw noExtraSpec(id, key.slice(0, 255));
    return { [key]: value };
  }

  /** Answers with what was sent, as nova does: the flavor may have more. */
  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(
    @Param('id') id: string,
    @Body() body: CreateExtraSpecsBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    await this.set(id, body.extra_specs, request);
    return { extra_specs: body.extra_specs };
  }

  @Put(':key')
  @Policy(`${RULE}:update`)
  async update(
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const given = oneExtraSpec(body);
    if (!Object.hasOwn(given, key)) throw badRequest('Request body and URI mismatch');
    await this.set(id, given, request);
    return given;
  }

  @Delete(':key')
  @HttpCode(200)
  @Policy(`${RULE}:delete`)
  async remove(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    await requireFlavor(this.flavors, id, request);
    const context = commandContext(request.caller, `delete-extra-spec/${id}/${key}`, this.random);
    await this.writes.execute(streamRef('flavor', id), { type: 'DeleteExtraSpec', data: { key } }, context);
  }

  private async set(id: string, given: GivenSpecs, request: ComputeRequest): Promise<void> {
    requireKnownSpecs(request.minor, given);
    await requireFlavor(this.flavors, id, request);
    const context = commandContext(request.caller, `set-extra-specs/${id}`, this.random);
    const command = { type: 'SetExtraSpecs', data: { extraSpecs: texts(given) } } as const;
    await this.writes.execute(streamRef('flavor', id), command, context);
  }

  /** @throws HttpProblem 404 for a flavor that the caller may not use. */
  private async specsOf(id: string, request: ComputeRequest): Promise<ExtraSpecs> {
    await requireFlavor(this.flavors, id, request);
    return this.flavors.extraSpecs(id);
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { DomainError, type OperationRequest, own } from '@cairn/domain';
import { QuotaQuery } from '../../../../application/quota/quota.query';
import { HttpProblem, Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { type Metadata, MetadataBody, MetaBody } from '../shared/metadata.dto';
import { ServerOperator } from './server-operator';
import { ServerReader } from './server-reader';

const notFound = (): HttpProblem => new HttpProblem(404, 'Metadata item was not found');

@Controller(computePaths('servers/:id/metadata'))
export class ServerMetadataController {
  constructor(
    private readonly reader: ServerReader,
    private readonly quotas: QuotaQuery,
    private readonly operator: ServerOperator,
  ) {}

  @Get()
  @Policy('os_compute_api:server-metadata:index')
  async all(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { metadata: (await this.reader.one(id, request)).metadata };
  }

  /** Sets items and leaves the others. */
  @Post()
  @Policy('os_compute_api:server-metadata:create')
  @HttpCode(200)
  async set(
    @Param('id') id: string,
    @Body() { metadata }: MetadataBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { metadata: await this.change(id, changing(metadata), request) };
  }

  /** Afterwards there are these items and no others. */
  @Put()
  @Policy('os_compute_api:server-metadata:update_all')
  async replace(
    @Param('id') id: string,
    @Body() { metadata }: MetadataBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { metadata: await this.change(id, replacing(metadata), request) };
  }

  @Get(':key')
  @Policy('os_compute_api:server-metadata:show')
  async one(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const value = own((await this.reader.one(id, request)).metadata, key);
    if (value === undefined) throw notFound();
    return { meta: { [key]: value } };
  }

  @Put(':key')
  @Policy('os_compute_api:server-metadata:update')
  async setOne(
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() { meta }: MetaBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    if (own(meta, key) === undefined) throw badRequest('Request body and URI mismatch');
    if (Object.keys(meta).length > 1) throw badRequest('Request body contains too many items');
    await this.change(id, changing(meta), request);
    return { meta };
  }

  @Delete(':key')
  @Policy('os_compute_api:server-metadata:delete')
  @HttpCode(204)
  async remove(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    if (own((await this.reader.one(id, request)).metadata, key) === undefined) throw notFound();
    await this.change(id, changing({}, [key]), request);
  }

  private async change(
    id: string,
    operation: (limit: number) => OperationRequest,
    request: ComputeRequest,
  ): Promise<Metadata> {
    const { projectId } = await this.reader.one(id, request);
    const asked = operation(await this.quotas.limitNow(projectId, request.userId, 'metadata_items'));
    await this.operator.operate(id, [asked], asked.name, request);
    return (await this.reader.one(id, request)).metadata;
  }
}

const changing =
  (set: Metadata, remove: readonly string[] = []) =>
  (limit: number): OperationRequest => ({ name: 'change-metadata', input: { set, remove, limit } });

const replacing =
  (metadata: Metadata) =>
  (limit: number): OperationRequest => {
    requireWithin(metadata, limit);
    return { name: 'replace-metadata', input: { metadata } };
  };

function requireWithin(metadata: Metadata, limit: number): void {
  if (limit < 0 || Object.keys(metadata).length <= limit) return;
  const message = `Maximum number of metadata items exceeds ${String(limit)}`;
  throw new DomainError('quota', 'instance.too-much-metadata', message);
}

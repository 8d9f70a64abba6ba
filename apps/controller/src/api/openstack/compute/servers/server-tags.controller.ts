import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import type { OperationRequest } from '@cairn/domain';
import type { FastifyReply } from 'fastify';
import { HttpProblem, Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { IsTags, tagFault } from './server-tags';
import { ServerOperator } from './server-operator';
import { ServerReader } from './server-reader';

class TagsBody {
  @IsTags() readonly tags!: readonly string[];
}

/** Tags of a server (2.26). */
@Controller(computePaths('servers/:id/tags'))
@Since(26)
export class ServerTagsController {
  constructor(
    private readonly reader: ServerReader,
    private readonly operator: ServerOperator,
  ) {}

  @Get()
  @Policy('os_compute_api:server-tags:index')
  async all(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { tags: await this.tagsOf(id, request) };
  }

  /** Afterwards there are these tags and no others. */
  @Put()
  @Policy('os_compute_api:server-tags:update_all')
  async replace(
    @Param('id') id: string,
    @Body() { tags }: TagsBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    await this.change(id, { name: 'replace-tags', input: { tags } }, request);
    return { tags: await this.tagsOf(id, request) };
  }

  @Delete()
  @Policy('os_compute_api:server-tags:delete_all')
  @HttpCode(204)
  async clear(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.change(id, { name: 'clear-tags', input: {} }, request);
  }

  @Get(':tag')
  @Policy('os_compute_api:server-tags:show')
  @HttpCode(204)
  async one(@Param('id') id: string, @Param('tag') tag: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const tags = await this.tagsOf(id, request);
    if (!tags.includes(tag)) throw new HttpProblem(404, `Server ${id} has no tag '${tag}'`);
  }

  /** 201 for a new tag, 204 for one that the server has. */
  @Put(':tag')
  @Policy('os_compute_api:server-tags:update')
  async add(
    @Param('id') id: string,
    @Param('tag') tag: string,
    @FromCompute() request: ComputeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const known = await this.tagsOf(id, request);
    const fault = tagFault(tag);
    if (fault !== undefined)
      throw badRequest(
        `Tag '${tag.slice(0, 255)}' is invalid. It must be a non empty string without characters '/' and ','. ` +
          `Validation error message: ${fault}`,
      );
    await this.change(id, { name: 'add-tag', input: { tag } }, request);
    if (known.includes(tag)) void reply.status(204);
    else {
      const path = `${id}/tags/${encodeURIComponent(tag)}`;
      void reply.status(201).header('location', request.links.locationOf('servers', path));
    }
  }

  @Delete(':tag')
  @Policy('os_compute_api:server-tags:delete')
  @HttpCode(204)
  async remove(
    @Param('id') id: string,
    @Param('tag') tag: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    const has = (await this.tagsOf(id, request)).includes(tag);
    await this.change(id, { name: 'remove-tag', input: { tag } }, request);
    if (!has) throw new HttpProblem(404, `Instance ${id} has no tag '${tag}'`);
  }

  private async tagsOf(id: string, request: ComputeRequest): Promise<readonly string[]> {
    return (await this.reader.one(id, request)).tags;
  }

  private change(id: string, operation: OperationRequest, request: ComputeRequest): Promise<void> {
    return this.operator.operate(id, [operation], operation.name, request);
  }
}

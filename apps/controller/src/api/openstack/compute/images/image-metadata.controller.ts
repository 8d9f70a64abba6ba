import { own } from '@cairn/domain';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { HIDDEN } from '../../../../application/image/image-view';
import { Images } from '../../../../application/image/images';
import { QuotaQuery } from '../../../../application/quota/quota.query';
import { HttpProblem, PolicyOfTarget } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Until } from '../shared/compute-request.guard';
import { type Metadata, MetadataBody, MetaBody } from '../shared/metadata.dto';
import { metadataOf } from './image.presenter';
import { inWordsOfNova } from './image-words';

/** It outlived the other calls about images by three microversions. */
const LAST_METADATA = 38;

/** The properties of Glance's images. */
@Controller(computePaths('images/:id/metadata'))
@Until(LAST_METADATA)
export class ImageMetadataController {
  constructor(
    private readonly images: Images,
    private readonly quotas: QuotaQuery,
  ) {}

  @Get()
  @PolicyOfTarget('get_image')
  async all(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { metadata: await this.read(id, request) };
  }

  /** Sets items and leaves the others. */
  @Post()
  @HttpCode(200)
  @PolicyOfTarget('modify_image')
  async set(
    @Param('id') id: string,
    @Body() { metadata }: MetadataBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { metadata: await this.change(id, (before) => ({ ...before, ...metadata }), request) };
  }

  /** Afterwards there are these items and no others. */
  @Put()
  @PolicyOfTarget('modify_image')
  async replace(
    @Param('id') id: string,
    @Body() { metadata }: MetadataBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    return { metadata: await this.change(id, () => metadata, request) };
  }

  @Get(':key')
  @PolicyOfTarget('get_image')
  async one(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const value = own(await this.read(id, request), key);
    if (value === undefined) throw new HttpProblem(404);
    return { meta: { [key]: value } };
  }

  @Put(':key')
  @PolicyOfTarget('modify_image')
  async setOne(
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() { meta }: MetaBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const value = own(meta, key);
    if (value === undefined) throw badRequest('Request body and URI mismatch');
    await this.change(id, (before) => ({ ...before, [key]: value }), request);
    return { meta };
  }

  @Delete(':key')
  @HttpCode(204)
  @PolicyOfTarget('modify_image')
  async remove(
    @Param('id') id: string,
    @Param('key') key: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    if (own(await this.read(id, request), key) === undefined) throw new HttpProblem(404, 'Invalid metadata key');
    await this.change(id, ({ [key]: _gone, ...kept }) => kept, request);
  }

  private async read(id: string, { caller }: ComputeRequest): Promise<Metadata> {
    return metadataOf(await inWordsOfNova(id, this.images.show(caller, id)));
  }

  /** What says whether the image is hidden is no metadata, and stays. */
  private async change(
    id: string,
    after: (before: Metadata) => Metadata,
    { caller, projectId, userId }: ComputeRequest,
  ): Promise<Metadata> {
    const limit = await this.quotas.limitNow(projectId, userId, 'metadata_items');
    const changed = this.images.change(caller, id, (record) => {
      const { [HIDDEN]: hidden, ...before } = record.properties;
      const { [HIDDEN]: _given, ...properties } = after(before);
      if (limit >= 0 && Object.keys(properties).length > limit)
        throw new HttpProblem(403, 'Image metadata limit exceeded');
      return { properties: { ...properties, ...(hidden === undefined ? {} : { [HIDDEN]: hidden }) } };
    });
    return metadataOf(await inWordsOfNova(id, changed));
  }
}

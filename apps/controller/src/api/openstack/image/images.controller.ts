import { own } from '@cairn/domain';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Caller } from '../../../application/core';
import { Bounded, FromCaller, HttpProblem, Policy, PolicyOfTarget } from '../../http';
import { viewOfRow } from '../../../application/image/image-view';
import { Images } from '../../../application/image/images';
import { askingOf, Lists } from '../../../application/lists';
import { linksOf } from './glance-lists';
import { IMAGES } from './image-list';
import { newImage } from './new-image';
import { applyChanges } from './patch/apply';
import { parseChanges, PATCH_TYPES } from './patch/changes';
import { presentImage } from './present-image';

/** As many changes as one request may make (`patch/changes.ts`), each with a value that may be a list of tags. */
const PATCH_VALUES = 16_384;

/** `/v2/images`: the records of images, without their data. */
@Controller('v2/images')
export class ImagesController {
  constructor(
    private readonly images: Images,
    private readonly lists: Lists,
  ) {}

  @Get()
  @Policy('get_images')
  async list(@FromCaller() caller: Caller, @Query() query: unknown): Promise<object> {
    const asking = askingOf(caller, query);
    const page = await this.lists.page(IMAGES, asking);
    const images = page.rows.flatMap((row) => viewOfRow(row) ?? []).map(presentImage);
    return { images, ...linksOf('/v2/images', asking.query, page), schema: '/v2/schemas/images' };
  }

  @Post()
  @PolicyOfTarget('add_image')
  async create(
    @FromCaller() caller: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const image = await this.images.create(caller, (freshId) => newImage(caller, body, freshId));
    void reply.header('location', `/v2/images/${image.record.imageId}`);
    return presentImage(image);
  }

  @Get(':imageId')
  @PolicyOfTarget('get_image')
  async show(@FromCaller() caller: Caller, @Param('imageId') imageId: string): Promise<object> {
    return presentImage(await this.images.show(caller, imageId));
  }

  @Patch(':imageId')
  @Bounded({ values: PATCH_VALUES })
  @PolicyOfTarget('modify_image')
  async update(
    @FromCaller() caller: Caller,
    @Param('imageId') imageId: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const draft = own(PATCH_TYPES, mediaType(request));
    if (draft === undefined) {
      throw new HttpProblem(415, undefined, { 'accept-patch': Object.keys(PATCH_TYPES).sort().join(', ') });
    }
    const changes = parseChanges(body, draft);
    const image = await this.images.change(caller, imageId, (record) => applyChanges(caller, record, changes, draft));
    return presentImage(image);
  }

  @Delete(':imageId')
  @PolicyOfTarget('delete_image')
  @HttpCode(204)
  async delete(@FromCaller() caller: Caller, @Param('imageId') imageId: string): Promise<void> {
    await this.images.delete(caller, imageId);
  }

  /** Nothing is shared with anyone yet: the list is there for clients that always ask for it. */
  @Get(':imageId/members')
  @PolicyOfTarget('get_image')
  async members(@FromCaller() caller: Caller, @Param('imageId') imageId: string): Promise<object> {
    const { record } = await this.images.show(caller, imageId);
    if (record.visibility !== 'shared') throw new HttpProblem(403, 'Only shared images have members.');
    return { members: [], schema: '/v2/schemas/members' };
  }
}

const mediaType = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();

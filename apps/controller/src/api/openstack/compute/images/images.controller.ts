import { Controller, Delete, Get, HttpCode, Inject, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../../../../application/core';
import { viewOfRow } from '../../../../application/image/image-view';
import { Images } from '../../../../application/image/images';
import { Lists } from '../../../../application/lists';
import type { ControllerConfig } from '../../../../config';
import { Policy, PolicyOfTarget, publicUrl } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { presentPage } from '../shared/nova-lists';
import { IMAGES_OF_NOVA } from './image-list';
import { type ImageViewer, presentImage, presentImageBrief } from './image.presenter';
import { inWordsOfNova } from './image-words';

/** Glance's images, as clients asked nova for them before there was Glance. */
@Controller(computePaths('images'))
@Until(LAST_PROXY)
export class ImagesController {
  constructor(
    private readonly images: Images,
    private readonly lists: Lists,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  @Get()
  @Policy('get_images')
  index(@FromCompute() request: ComputeRequest, @Req() http: FastifyRequest): Promise<unknown> {
    return this.page('images', presentImageBrief, request, http);
  }

  @Get('detail')
  @Policy('get_images')
  detail(@FromCompute() request: ComputeRequest, @Req() http: FastifyRequest): Promise<unknown> {
    return this.page('images/detail', presentImage, request, http);
  }

  @Get(':id')
  @PolicyOfTarget('get_image')
  async show(
    @Param('id') id: string,
    @FromCompute() request: ComputeRequest,
    @Req() http: FastifyRequest,
  ): Promise<unknown> {
    const image = await inWordsOfNova(id, this.images.show(request.caller, id));
    return { image: presentImage(image, this.viewer(request, http)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @PolicyOfTarget('delete_image')
  async remove(@Param('id') id: string, @FromCompute() { caller }: ComputeRequest): Promise<void> {
    await inWordsOfNova(id, this.images.delete(caller, id), 'You are not allowed to delete the image.');
  }

  private async page(
    path: string,
    present: typeof presentImage,
    request: ComputeRequest,
    http: FastifyRequest,
  ): Promise<unknown> {
    const { rows, next } = await this.lists.page(IMAGES_OF_NOVA, request);
    const shown = rows.map(viewOfRow).filter((image) => image !== undefined);
    const viewer = this.viewer(request, http);
    return presentPage('images', path, { rows: shown, next }, request, (image) => present(image, viewer));
  }

  private viewer({ links }: ComputeRequest, http: FastifyRequest): ImageViewer {
    return { links, glance: publicUrl(this.config, http, 'image', false) };
  }
}

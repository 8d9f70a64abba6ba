import { Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';

import type { Caller } from '../../../application/core';
import { FromCaller, HttpProblem, PolicyOfTarget } from '../../http';
import { tagSet } from './fields';
import { Images } from '../../../application/image/images';
import { requireWithinLimits } from './limits';
import { requireProperty } from './schema/validate';

/** `/v2/images/{id}/tags/{tag}`. */
@Controller('v2/images/:imageId/tags/:tag')
export class ImageTagsController {
  constructor(private readonly images: Images) {}

  @Put()
  @PolicyOfTarget('modify_image')
  @HttpCode(204)
  async add(@FromCaller() caller: Caller, @Param('imageId') imageId: string, @Param('tag') tag: string): Promise<void> {
    requireProperty('tags', [tag]);
    await this.images.change(caller, imageId, (image) => {
      const tags = tagSet([...image.tags, tag]);
      requireWithinLimits({ ...image, tags });
      return { tags };
    });
  }

  @Delete()
  @PolicyOfTarget('modify_image')
  @HttpCode(204)
  async remove(
    @FromCaller() caller: Caller,
    @Param('imageId') imageId: string,
    @Param('tag') tag: string,
  ): Promise<void> {
    await this.images.change(caller, imageId, ({ tags }) => {
      if (!tags.includes(tag)) throw new HttpProblem(404);
      return { tags: tags.filter((each) => each !== tag) };
    });
  }
}

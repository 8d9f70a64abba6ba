import { Module } from '@nestjs/common';

import type { ControllerConfig } from '../../../config';
import { glanceDialect, type ServiceDefinition } from '../../http';
import { ImageDataController } from './data/image-data.controller';
import { DiscoveryController } from './discovery.controller';
import { ImageTagsController } from './image-tags.controller';
import { ImagesController } from './images.controller';
import { PATCH_TYPES } from './patch/changes';
import { VersionsController } from './versions.controller';

@Module({
  controllers: [VersionsController, DiscoveryController, ImagesController, ImageTagsController, ImageDataController],
})
class ImageModule {}

/** The image service: Glance's API v2. */
export const imageService = ({ ports }: ControllerConfig): ServiceDefinition => ({
  name: 'image',
  dialect: glanceDialect,
  module: ImageModule,
  port: ports.image,
  exactPaths: true,
  jsonTypes: Object.keys(PATCH_TYPES),
  streamedTypes: ['application/octet-stream'],
});

import { Module } from '@nestjs/common';

import { provideBlobs } from '../../../blobs';
import type { ControllerConfig } from '../../../config';
import { glanceDialect, type ServiceDefinition } from '../../http';
import { ImageDataController } from './data/image-data.controller';
import { BlobSweeper } from '../../../application/image/blob-sweeper';
import { Upload } from '../../../application/image/upload';
import { DiscoveryController } from './discovery.controller';
import { ImageTagsController } from './image-tags.controller';
import { Images } from '../../../application/image/images';
import { ImagesController } from './images.controller';
import { ListImages } from './listing/list-images';
import { PATCH_TYPES } from './patch/changes';
import { VersionsController } from './versions.controller';

/** The image service: Glance's API v2. */
export function imageService(config: ControllerConfig): ServiceDefinition {
  @Module({
    controllers: [VersionsController, DiscoveryController, ImagesController, ImageTagsController, ImageDataController],
    providers: [Images, ListImages, Upload, BlobSweeper, provideBlobs(config)],
  })
  class ImageModule {}

  return {
    name: 'image',
    dialect: glanceDialect,
    module: ImageModule,
    port: config.ports.image,
    jsonTypes: Object.keys(PATCH_TYPES),
    streamedTypes: ['application/octet-stream'],
  };
}

import { Module } from '@nestjs/common';

import { type BlobStore, BLOBS } from '../../../blobs';
import { glanceDialect, type ServiceDefinition } from '../../http';
import { ImageDataController } from './data/image-data.controller';
import { Upload } from './data/upload';
import { DiscoveryController } from './discovery.controller';
import { ImageTagsController } from './image-tags.controller';
import { Images } from './images';
import { ImagesController } from './images.controller';
import { ListImages } from './listing/list-images';
import { PATCH_TYPES } from './patch/changes';
import { VersionsController } from './versions.controller';

/** The image service: Glance's API v2. */
export function imageService(port: number, blobs: BlobStore): ServiceDefinition {
  @Module({
    controllers: [VersionsController, DiscoveryController, ImagesController, ImageTagsController, ImageDataController],
    providers: [Images, ListImages, Upload, { provide: BLOBS, useValue: blobs }],
  })
  class ImageModule {}

  return {
    name: 'image',
    dialect: glanceDialect,
    module: ImageModule,
    port,
    jsonTypes: Object.keys(PATCH_TYPES),
    streamedTypes: ['application/octet-stream'],
  };
}

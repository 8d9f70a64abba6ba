import { Module } from '@nestjs/common';

import { type BlobStore, BLOBS } from '../../blobs';
import { plainDialect, type ServiceDefinition } from '../http';
import { FindGuest } from '../metadata/find-guest';
import { MetadataController } from '../metadata/metadata.controller';
import { ClaimedImage } from './claimed-image';
import { HostAccess } from './host-access';
import { HostsController } from './hosts.controller';

/** The port of hosts and guests: the hosts' API and the metadata service. */
export function hostsService(port: number, blobs: BlobStore): ServiceDefinition {
  @Module({
    controllers: [HostsController, MetadataController],
    providers: [HostAccess, ClaimedImage, FindGuest, { provide: BLOBS, useValue: blobs }],
  })
  class HostsModule {}

  return { name: 'hosts', dialect: plainDialect, module: HostsModule, port, streamedTypes: ['text/plain'] };
}

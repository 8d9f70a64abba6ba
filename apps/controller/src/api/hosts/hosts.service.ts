import { Module } from '@nestjs/common';

import { provideBlobs } from '../../blobs';
import type { ControllerConfig } from '../../config';
import { plainDialect, type ServiceDefinition } from '../http';
import { FindGuest } from '../metadata/find-guest';
import { MetadataController } from '../metadata/metadata.controller';
import { ClaimedImage } from './claimed-image';
import { HostAccess } from './host-access';
import { HostsController } from './hosts.controller';

/** The port of hosts and guests: the hosts' API and the metadata service. */
export function hostsService(config: ControllerConfig): ServiceDefinition {
  @Module({
    controllers: [HostsController, MetadataController],
    providers: [HostAccess, ClaimedImage, FindGuest, provideBlobs(config)],
  })
  class HostsModule {}

  return {
    name: 'hosts',
    dialect: plainDialect,
    module: HostsModule,
    port: config.ports.metadata,
    streamedTypes: ['text/plain'],
  };
}

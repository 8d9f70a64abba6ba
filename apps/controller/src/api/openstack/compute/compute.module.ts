import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CreateFlavorHandler, DeleteFlavorHandler } from '../../../application/flavor/flavor.handlers';
import { EnableHostHandler } from '../../../application/host/host.handlers';
import { CreateKeypairHandler, DeleteKeypairHandler } from '../../../application/keypair/keypair.handlers';
import { CreateNetworkHandler, DeleteNetworkHandler } from '../../../application/network/network.handlers';
import { SetQuotaLimitsHandler } from '../../../application/quota/quota.handlers';
import { ReadConsoleHandler } from '../../../application/server/server-console.handler';
import { LaunchServersHandler } from '../../../application/server/server-launch.handler';
import { OperateServerHandler } from '../../../application/server/server-operations.handler';
import { ServerWrites } from '../../../application/server/server-writes';
import { FlavorQuery } from '../../../application/flavor/flavor.query';
import { HostQuery } from '../../../application/host/host.query';
import { KeypairQuery } from '../../../application/keypair/keypair.query';
import { NetworkQuery } from '../../../application/network/network.query';
import { QuotaQuery } from '../../../application/quota/quota.query';
import { ServerHistoryQuery } from '../../../application/server/server-history.query';
import { ServerUsageQuery } from '../../../application/server/server-usage.query';
import { ServerQuery } from '../../../application/server/server.query';
import { FlavorsController } from './flavors/flavors.controller';
import { HypervisorsController } from './hosts/hypervisors.controller';
import { ServiceList } from './hosts/service-list';
import { HostsController, ServicesController, ZonesController } from './hosts/services.controller';
import { KeypairsController } from './keypairs/keypairs.controller';
import { AggregatesController, EmptyListsController, ExtensionsController } from './misc/misc.controller';
import { UsageController } from './misc/usage.controller';
import { NetworksController, TenantNetworksController } from './networks/networks.controller';
import { SecurityGroupsController } from './networks/security-groups.controller';
import { LimitsController, QuotaClassesController, QuotaSetsController } from './quotas/quotas.controller';
import { ServerActionsController } from './servers/server-actions.controller';
import { ServerDetailsController } from './servers/server-details.controller';
import { ServerMetadataController } from './servers/server-metadata.controller';
import { ServerReader } from './servers/server-reader';
import { ServersController } from './servers/servers.controller';
import { ComputeRequestGuard } from './shared/compute-request.guard';
import { VersionsController } from './versions.controller';

/** nova's API. Everything else that it needs comes from `core.ts`. */
@Module({
  controllers: [
    VersionsController,
    ServersController,
    ServerActionsController,
    ServerMetadataController,
    ServerDetailsController,
    FlavorsController,
    KeypairsController,
    NetworksController,
    TenantNetworksController,
    SecurityGroupsController,
    QuotaSetsController,
    QuotaClassesController,
    LimitsController,
    ServicesController,
    ZonesController,
    HostsController,
    HypervisorsController,
    AggregatesController,
    EmptyListsController,
    ExtensionsController,
    UsageController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: ComputeRequestGuard },
    CreateFlavorHandler,
    DeleteFlavorHandler,
    EnableHostHandler,
    CreateKeypairHandler,
    DeleteKeypairHandler,
    CreateNetworkHandler,
    DeleteNetworkHandler,
    SetQuotaLimitsHandler,
    ReadConsoleHandler,
    LaunchServersHandler,
    OperateServerHandler,
    ServerWrites,
    FlavorQuery,
    HostQuery,
    KeypairQuery,
    NetworkQuery,
    QuotaQuery,
    ServerHistoryQuery,
    ServerUsageQuery,
    ServerQuery,
    ServerReader,
    ServiceList,
  ],
})
export class ComputeModule {}

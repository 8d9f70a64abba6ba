import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CreateFlavorHandler, DeleteFlavorHandler } from '../../../commands/flavor.handlers';
import { EnableHostHandler } from '../../../commands/host.handlers';
import { CreateKeypairHandler, DeleteKeypairHandler } from '../../../commands/keypair.handlers';
import { CreateNetworkHandler, DeleteNetworkHandler } from '../../../commands/network.handlers';
import { SetQuotaLimitsHandler } from '../../../commands/quota.handlers';
import { ReadConsoleHandler } from '../../../commands/server-console.handler';
import { LaunchServersHandler } from '../../../commands/server-launch.handler';
import { OperateServerHandler } from '../../../commands/server-operations.handler';
import { ServerWrites } from '../../../commands/server-writes';
import { FlavorQuery } from '../../../queries/flavor.query';
import { HostQuery } from '../../../queries/host.query';
import { KeypairQuery } from '../../../queries/keypair.query';
import { NetworkQuery } from '../../../queries/network.query';
import { QuotaQuery } from '../../../queries/quota.query';
import { ServerHistoryQuery } from '../../../queries/server-history.query';
import { ServerUsageQuery } from '../../../queries/server-usage.query';
import { ServerQuery } from '../../../queries/server.query';
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

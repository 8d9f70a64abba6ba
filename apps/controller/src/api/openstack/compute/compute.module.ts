import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AggregatesController } from './aggregates/aggregates.controller';
import { ConsoleTokensController } from './consoles/console-tokens.controller';
import { RemoteConsolesController } from './consoles/remote-consoles.controller';
import { DnsDomainsController } from './dns/dns-domains.controller';
import { DnsEntriesController } from './dns/dns-entries.controller';
import { ExtraSpecsController } from './flavors/extra-specs.controller';
import { FlavorsController } from './flavors/flavors.controller';
import { FloatingIpsBulkController } from './floating-ips/floating-ips-bulk.controller';
import { FloatingIpPoolsController, FloatingIpsController } from './floating-ips/floating-ips.controller';
import { HostsController } from './hosts/hosts.controller';
import { HypervisorsController } from './hosts/hypervisors.controller';
import { ServiceList } from './hosts/service-list';
import { ServicesController, ZonesController } from './hosts/services.controller';
import { ImageMetadataController } from './images/image-metadata.controller';
import { ImagesController } from './images/images.controller';
import { KeypairsController } from './keypairs/keypairs.controller';
import { MigrationsController, ServerMigrationsController } from './migrations/migrations.controller';
import { BaremetalController } from './misc/baremetal.controller';
import { ExtensionsController } from './misc/extensions.controller';
import { ExternalEventsController } from './misc/external-events.controller';
import { RemovedController } from './misc/removed.controller';
import { UsageAuditController } from './misc/usage-audit.controller';
import { UsageController } from './misc/usage.controller';
import { FixedIpsController } from './networks/fixed-ips.controller';
import { NetworkOperator } from './networks/network-operator';
import { NetworksController } from './networks/networks.controller';
import { TenantNetworksController } from './networks/tenant-networks.controller';
import { SecurityGroupDefaultRulesController } from './security-groups/default-rules.controller';
import { SecurityGroupRulesController } from './security-groups/security-group-rules.controller';
import { SecurityGroupsController } from './security-groups/security-groups.controller';
import { LimitsController, QuotaClassesController, QuotaSetsController } from './quotas/quotas.controller';
import { ServerGroupsController } from './server-groups/server-groups.controller';
import { ServerActionsController } from './servers/server-actions.controller';
import { ServerDetailsController } from './servers/server-details.controller';
import { ServerDevicesController } from './servers/server-devices.controller';
import { ServerMetadataController } from './servers/server-metadata.controller';
import { ServerPasswordController } from './servers/server-password.controller';
import { ServerOperator } from './servers/server-operator';
import { ServerReader } from './servers/server-reader';
import { ServerTagsController } from './servers/server-tags.controller';
import { VolumesBootActionsController, VolumesBootController } from './servers/volumes-boot.controller';
import { ServersController } from './servers/servers.controller';
import { ComputeRequestGuard } from './shared/compute-request.guard';
import { VersionsController } from './versions.controller';

/** nova's API: its controllers, their guard, and the readers for their presenters. */
@Module({
  controllers: [
    VersionsController,
    ServersController,
    ServerActionsController,
    VolumesBootController,
    VolumesBootActionsController,
    ServerMetadataController,
    ServerTagsController,
    ServerDetailsController,
    ServerDevicesController,
    RemoteConsolesController,
    ConsoleTokensController,
    ServerMigrationsController,
    MigrationsController,
    ServerPasswordController,
    FlavorsController,
    ExtraSpecsController,
    KeypairsController,
    ImagesController,
    ImageMetadataController,
    NetworksController,
    TenantNetworksController,
    FixedIpsController,
    SecurityGroupsController,
    SecurityGroupRulesController,
    SecurityGroupDefaultRulesController,
    ServerGroupsController,
    QuotaSetsController,
    QuotaClassesController,
    LimitsController,
    ServicesController,
    ZonesController,
    HostsController,
    HypervisorsController,
    AggregatesController,
    FloatingIpsController,
    FloatingIpPoolsController,
    DnsDomainsController,
    DnsEntriesController,
    FloatingIpsBulkController,
    ExtensionsController,
    UsageController,
    UsageAuditController,
    RemovedController,
    BaremetalController,
    ExternalEventsController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: ComputeRequestGuard },
    NetworkOperator,
    ServerReader,
    ServerOperator,
    ServiceList,
  ],
})
export class ComputeModule {}

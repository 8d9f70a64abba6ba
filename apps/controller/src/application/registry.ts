import type { Type } from '@nestjs/common';
import { AuthorizeConsoleHandler } from './console/authorize-console.handler';
import { ConsoleAccess } from './console/console-access';
import { ReadYourWrites, RequestKeys, Writes } from './core';
import { DnsNames } from './dns/dns-names';
import { ChangeFlavorAccessHandler, CreateFlavorHandler, DeleteFlavorHandler } from './flavor/flavor.handlers';
import { FlavorQuery } from './flavor/flavor.query';
import { AllocateFloatingIpHandler } from './floating-ip/allocate-floating-ip.handler';
import { FloatingIps } from './floating-ip/floating-ips';
import { FloatingPools } from './floating-ip/floating-pools';
import { EarlyImages } from './host-aggregate/early-images';
import { HostAggregateWrites } from './host-aggregate/host-aggregates';
import { ClaimedImage } from './host/claimed-image';
import { EnrolledHosts } from './host/enrolled-hosts';
import { ReadUptimeHandler } from './host/host.handlers';
import { HostRemoval } from './host/host-removal';
import { HostQuery } from './host/host.query';
import { Images } from './image/images';
import { HostImages } from './image/host-images';
import { ImageQuota } from './image/image-quota';
import { Upload } from './image/upload';
import { CreateKeypairHandler } from './keypair/keypair.handlers';
import { KeypairQuery } from './keypair/keypair.query';
import { Lists } from './lists';
import { CreateNetworkHandler } from './network/network.handlers';
import { FixedIps } from './network/fixed-ips';
import { NetworkAssociations } from './network/network-associations';
import { NetworkGateways } from './network/network-gateways';
import { NetworkQuota } from './network/network-quota';
import { NetworkQuery } from './network/network.query';
import { CreateProjectHandler } from './project/create-project.handler';
import { DeleteProjectHandler } from './project/delete-project.handler';
import { Projects } from './project/projects';
import { TagProjectHandler } from './project/tag-project.handler';
import { UpdateProjectHandler } from './project/update-project.handler';
import { QuotaQuery } from './quota/quota.query';
import { CreateServerGroupHandler, DeleteServerGroupHandler } from './server-group/server-group.handlers';
import { ServerGroupQuery } from './server-group/server-group.query';
import { SecurityGroupService } from './security-group/security-groups';
import { AskGuest } from './server/ask-guest';
import { AwaitedOperations } from './server/awaited-operations';
import { FindGuest } from './server/find-guest';
import { GuestPasswords } from './server/guest-password';
import { ChangeServerPasswordHandler } from './server/guest-password.handler';
import { ReadConsoleHandler } from './server/server-console.handler';
import { ReadDiagnosticsHandler } from './server/server-diagnostics.handler';
import { ServerHistoryQuery } from './server/server-history.query';
import { AttachInterfaceHandler, DetachInterfaceHandler } from './server/server-interfaces.handler';
import { LaunchServersHandler } from './server/server-launch.handler';
import { DeleteServerHandler } from './server/server-deletion.handler';
import { OperateServerHandler } from './server/server-operations.handler';
import { RebuildServerHandler, RescueServerHandler } from './server/server-images.handler';
import { MoveServerHandler } from './server/server-move.handler';
import { SnapshotServerHandler } from './server/server-snapshot.handler';
import { UnshelveServerHandler } from './server/server-unshelve.handler';
import { ServerUsageQuery } from './server/server-usage.query';
import { ServerWrites } from './server/server-writes';
import { PostedPasswords } from './server/posted-password';
import { ServerQuery } from './server/server.query';
import { UserDataQuery } from './server/user-data.query';
import { Lockout } from './token/lockout';
import { Logins } from './token/logins';
import { RevokeTokenHandler } from './token/revoke-token.handler';
import { ChangePasswordHandler } from './user/change-password.handler';
import { CreateUserHandler } from './user/create-user.handler';
import { DeleteUserHandler } from './user/delete-user.handler';
import { UpdateUserHandler } from './user/update-user.handler';
import { Users } from './user/users';

/** Handlers of commands and queries. Façades reach them by the buses. */
export const HANDLERS: readonly Type[] = [
  AllocateFloatingIpHandler,
  AttachInterfaceHandler,
  DetachInterfaceHandler,
  AuthorizeConsoleHandler,
  ChangeFlavorAccessHandler,
  CreateFlavorHandler,
  DeleteFlavorHandler,
  ReadUptimeHandler,
  TagProjectHandler,
  CreateKeypairHandler,
  MoveServerHandler,
  CreateNetworkHandler,
  CreateProjectHandler,
  DeleteProjectHandler,
  UpdateProjectHandler,
  CreateServerGroupHandler,
  DeleteServerGroupHandler,
  ReadConsoleHandler,
  ReadDiagnosticsHandler,
  LaunchServersHandler,
  DeleteServerHandler,
  OperateServerHandler,
  ChangeServerPasswordHandler,
  SnapshotServerHandler,
  UnshelveServerHandler,
  RebuildServerHandler,
  RescueServerHandler,
  RevokeTokenHandler,
  ChangePasswordHandler,
  CreateUserHandler,
  DeleteUserHandler,
  UpdateUserHandler,
];

/** Providers that façades inject by class. */
export const SERVICES: readonly Type[] = [
  ReadYourWrites,
  RequestKeys,
  Writes,
  Lists,
  ConsoleAccess,
  DnsNames,
  FlavorQuery,
  FloatingIps,
  FloatingPools,
  HostAggregateWrites,
  EarlyImages,
  ClaimedImage,
  EnrolledHosts,
  HostQuery,
  HostRemoval,
  Images,
  ImageQuota,
  HostImages,
  Upload,
  KeypairQuery,
  FixedIps,
  NetworkAssociations,
  NetworkGateways,
  NetworkQuery,
  NetworkQuota,
  Projects,
  QuotaQuery,
  ServerGroupQuery,
  SecurityGroupService,
  AskGuest,
  AwaitedOperations,
  FindGuest,
  ServerHistoryQuery,
  ServerUsageQuery,
  ServerWrites,
  ServerQuery,
  PostedPasswords,
  GuestPasswords,
  UserDataQuery,
  Lockout,
  Logins,
  Users,
];

export { type DiskIdentity, disksOf, type DiskSpec, identitiesOf } from '@cairn/domain';
export type {
  BootImages,
  GatewayDuties,
  HostRule,
  HostName,
  HostNames,
  HostSecurity,
  NetworkPeers,
  ServedGuest,
  ImageSpec,
  InstanceFacts,
  InstanceSpec,
  Inventory,
  Ipv6Block,
  NetworkSpec,
  NicSpec,
  PortGuard,
} from '@cairn/domain';
export * from './bridge-name';
export * from './doctor';
export * from './event-ids';
export * from './jobs';
export * from './results';
export { diagnosticsOf, type GuestDiagnostics, noDiagnostics } from './schema/diagnostics';
export { decodeDrive, DRIVE_MAX_BYTES, encodeDrive } from './schema/drive';
export * from './transport';
export * from './joining';
export { instanceFacts } from './schema/instance';

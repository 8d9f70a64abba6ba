import { type Instant, isUp } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import { micros } from '../shared/timestamps';

/** A service in nova's sense: a program on a host. The zone of those that run no guests is `internal`. */
export interface ServiceView {
  readonly id: number;
  /** Not of a host. */
  readonly ofController: boolean;
  readonly binary: string;
  readonly host: string;
  readonly zone: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly up: boolean;
  readonly forcedDown: boolean;
  readonly updatedAt: Instant;
}

/** @param now a host that is up was heard of within the last seconds. */
export const computeService = (row: HostRow, now: Instant): ServiceView => ({
  id: row.number,
  ofController: false,
  binary: 'nova-compute',
  host: row.name,
  zone: row.availabilityZone,
  enabled: row.enabled,
  disabledReason: row.disabledReason,
  up: isUp(row),
  forcedDown: row.forcedDown,
  updatedAt: row.up ? now : (row.lastSeenAt ?? row.updatedAt),
});

/** Beyond all numbers of hosts. */
const FIRST_INTERNAL_ID = 1_000_000;
const INTERNAL = ['nova-conductor', 'nova-scheduler'];

/** The parts of nova that one controller is, as services: clients look for them by name. */
export const controllerServices = (hostname: string, now: Instant): readonly ServiceView[] =>
  INTERNAL.map((binary, i) => ({
    id: FIRST_INTERNAL_ID + i,
    ofController: true,
    binary,
    host: hostname,
    zone: 'internal',
    enabled: true,
    disabledReason: null,
    up: true,
    forcedDown: false,
    updatedAt: now,
  }));

export const presentService = (service: ServiceView, minor: number): unknown => ({
  id: service.id,
  binary: service.binary,
  host: service.host,
  zone: service.zone,
  status: service.enabled ? 'enabled' : 'disabled',
  state: service.up ? 'up' : 'down',
  updated_at: micros(service.updatedAt),
  disabled_reason: service.disabledReason,
  ...(minor >= 11 ? { forced_down: service.forcedDown } : {}),
});

const SHORT = (binary: string): string => binary.replace(/^nova-/, '');

/** `GET os-hosts`. */
export const presentHostBrief = (service: ServiceView): unknown => ({
  host_name: service.host,
  service: SHORT(service.binary),
  zone: service.zone,
});

/** Zones by name: `internal` first, as nova has it. */
function zonesOf(services: readonly ServiceView[]): ReadonlyMap<string, readonly ServiceView[]> {
  const zones = new Map<string, ServiceView[]>();
  for (const service of services) zones.set(service.zone, [...(zones.get(service.zone) ?? []), service]);
  return zones;
}

/** A zone is available while one of its services is enabled, up or not (nova 26.1, `get_availability_zones`). */
const zoneState = (services: readonly ServiceView[]): { available: boolean } => ({
  available: services.some(({ enabled }) => enabled),
});

/** `GET os-availability-zone`: what tenants may choose from. */
export const presentZones = (services: readonly ServiceView[]): unknown => ({
  availabilityZoneInfo: [...zonesOf(services)]
    .filter(([zoneName]) => zoneName !== 'internal')
    .map(([zoneName, inZone]) => ({ zoneName, zoneState: zoneState(inZone), hosts: null })),
});

/** `GET os-availability-zone/detail`: with hosts and services, for administrators. */
export const presentZoneDetails = (services: readonly ServiceView[]): unknown => ({
  availabilityZoneInfo: [...zonesOf(services)].map(([zoneName, inZone]) => {
    const hosts = new Map<string, Map<string, unknown>>();
    for (const { host, binary, enabled, up, updatedAt } of inZone) {
      const shown = { available: up, active: enabled, updated_at: micros(updatedAt) };
      hosts.set(host, (hosts.get(host) ?? new Map<string, unknown>()).set(binary, shown));
    }
    const byHost = [...hosts].map(([host, binaries]) => [host, Object.fromEntries(binaries)] as const);
    return { zoneName, zoneState: zoneState(inZone), hosts: Object.fromEntries(byHost) };
  }),
});

import { deriveId, type Instant, isUp } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import { representation } from '../shared/representation';
import { micros } from '../shared/timestamps';

/** A service in nova's sense: a program on a host. The zone of those that run no guests is `internal`. */
export interface ServiceView {
  readonly id: number;
  /** What identifies it from 2.53 on. */
  readonly uuid: string;
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
  uuid: row.id,
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
    uuid: deriveId('service', binary, hostname),
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

/** From here on services and hypervisors are identified by UUIDs, before that by numbers. */
export const UUIDS_SINCE = 53;

export const presentService = representation<ServiceView, { readonly minor: number }>([
  ['id', ({ id }) => id, { until: UUIDS_SINCE - 1 }],
  ['id', ({ uuid }) => uuid, { since: UUIDS_SINCE }],
  ['binary', ({ binary }) => binary],
  ['host', ({ host }) => host],
  ['zone', ({ zone }) => zone],
  ['status', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
  ['state', ({ up }) => (up ? 'up' : 'down')],
  ['updated_at', ({ updatedAt }) => micros(updatedAt)],
  ['disabled_reason', ({ disabledReason }) => disabledReason],
  ['forced_down', ({ forcedDown }) => forcedDown, { since: 11 }],
]);

const SHORT = (binary: string): string => binary.replace(/^nova-/, '');

/** `GET os-hosts`. */
export const presentHostBrief = (service: ServiceView): unknown => ({
  host_name: service.host,
  service: SHORT(service.binary),
  zone: service.zone,
});

interface Zone {
  readonly zoneName: string;
  readonly available: boolean;
  /** Those that are enabled. */
  readonly services: readonly ServiceView[];
}

/** A zone is available while one of its services is enabled, up or not. Those that are come first, each by name (nova 26.1). */
function zonesOf(services: readonly ServiceView[]): readonly Zone[] {
  const zones = [...Map.groupBy(services, ({ zone }) => zone)].map(([zoneName, inZone]): Zone => {
    const enabled = inZone.filter((service) => service.enabled);
    return { zoneName, available: enabled.length > 0, services: enabled };
  });
  const inOrder = (a: Zone, b: Zone): number => (a.zoneName < b.zoneName ? -1 : 1);
  return zones.sort((a, b) => Number(b.available) - Number(a.available) || inOrder(a, b));
}

/** `GET os-availability-zone`: what tenants may choose from. */
export const presentZones = (services: readonly ServiceView[]): unknown => ({
  availabilityZoneInfo: zonesOf(services)
    .filter(({ zoneName }) => zoneName !== 'internal')
    .map(({ zoneName, available }) => ({ zoneName, zoneState: { available }, hosts: null })),
});

const presentHosts = (services: readonly ServiceView[]): unknown =>
  Object.fromEntries(
    [...Map.groupBy(services, ({ host }) => host)].map(([host, own]) => {
      const shown = own.map(({ binary, enabled, up, updatedAt }) => {
        return [binary, { available: up, active: enabled, updated_at: micros(updatedAt) }] as const;
      });
      return [host, Object.fromEntries(shown)] as const;
    }),
  );

/** `GET os-availability-zone/detail`: with enabled hosts and services, for administrators. */
export const presentZoneDetails = (services: readonly ServiceView[]): unknown => ({
  availabilityZoneInfo: zonesOf(services).map(({ zoneName, available, services: enabled }) => ({
    zoneName,
    zoneState: { available },
    hosts: available ? presentHosts(enabled) : null,
  })),
});

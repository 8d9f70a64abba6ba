import {
  type Category,
  DEFAULT_FLAVORS,
  deriveId,
  type DomainCommand,
  DomainError,
  type FlavorRecord,
  instanceRef,
  type LaunchRequest,
  serverReservation,
  streamRef,
} from '@cairn/domain';
import fc from 'fast-check';
import {
  ACTED_ON,
  flavor,
  hostUp,
  launchOf,
  network,
  project,
  PROJECTS,
  requestsOf,
  user,
  USERS,
} from '../../../domain/src/testing/model';
import type { Choose, TinyCloud } from './tiny-cloud';

const LAUNCH = launchOf();

/** Hosts, a network and accounts, as every cloud has them before its tenants come. */
export function furnish(cloud: TinyCloud, hosts = 2, cidr = '10.0.0.0/27'): void {
  const ample = { vcpus: 1_000, ramMb: 64_000_000, diskGb: 1_000_000 };
  const numbered = Array.from({ length: hosts }, (_, i) => ({ hostId: deriveId('host', i + 1), number: i + 1 }));
  const furnishings = [
    ...numbered.flatMap(({ hostId, number }) => hostUp({ hostId, name: `host-${hostId.slice(0, 4)}`, number }, ample)),
    network({ cidr }),
    ...PROJECTS.map((projectId) => project({ projectId })),
    ...USERS.map((userId) => user({ userId })),
    ...DEFAULT_FLAVORS.map(flavor),
  ];
  for (const { target, command } of furnishings) cloud.execute(target, command);
}

/** Reserves quota and asks for one server, as the controller does; its id, or null when it was refused. */
export function launch(cloud: TinyCloud, projectId: string, number: number, abandon = false): string | null {
  const chosen = DEFAULT_FLAVORS[number % DEFAULT_FLAVORS.length] as FlavorRecord;
  const instanceId = deriveId('instance', number);
  const quota = { category: 'quota', id: projectId };
  const reserved = cloud.execute(quota, {
    type: 'ReserveQuota',
    data: { reservations: [serverReservation(instanceId, chosen)] },
  });
  if (reserved instanceof DomainError) return null;
  if (abandon) return instanceId;
  cloud.execute(
    { category: 'instance', id: instanceId },
    { type: 'LaunchInstance', data: requested(instanceId, projectId, number, chosen) },
  );
  cloud.execute(quota, { type: 'ConfirmQuota', data: { owners: [instanceRef(instanceId)] } });
  return instanceId;
}

function requested(instanceId: string, projectId: string, number: number, chosen: FlavorRecord): LaunchRequest {
  const { rxtxFactor: _factor, isPublic: _public, ...spec } = chosen;
  return launchOf({
    instanceId,
    projectId,
    number,
    reservationId: `r-${String(number)}`,
    name: `server ${String(number)}`,
    flavor: spec,
    kernel: number % 3 === 0 ? { ...LAUNCH.image, imageId: 'kernel-1' } : null,
    userData: number % 2 === 0 ? null : LAUNCH.userData,
    networks: number % 7 === 0 ? [] : LAUNCH.networks,
    ...(number % 5 === 0 ? { serverGroupId: 'g1' } : {}),
  });
}

/** Something that may be asked of one of these streams, by choice. */
export function request(cloud: TinyCloud, choose: Choose, category: Category, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const id = ids[choose(ids.length)] ?? '';
  const [command] = fc.sample(requestsOf(category, id), { numRuns: 1, seed: choose(2 ** 31) });
  cloud.execute(streamRef(category, id), command as DomainCommand);
}

/** One thing that a tenant, an administrator or fate does, by choice. Much of it is refused, as in life. */
export function actAtRandom(cloud: TinyCloud, choose: Choose, step: number): void {
  const one = <T>(list: readonly T[]): T => list[choose(list.length)] as T;
  const settle = (effects: number) => (): void => {
    for (let i = 0; i < effects; i += 1) cloud.settleOne();
  };
  const onServer = (): void => {
    request(cloud, choose, 'instance', cloud.ids('instance'));
  };
  const onHost = (): void => {
    request(cloud, choose, 'host', cloud.ids('host'));
  };
  const onOthers = (): void => {
    for (let i = 0; i < 4; i += 1) {
      const { category, streams } = one(ACTED_ON);
      request(cloud, choose, category, streams);
    }
  };
  const launchOne = (): void => {
    launch(cloud, one(PROJECTS), step, choose(6) === 1);
  };
  one([launchOne, onServer, onServer, onHost, onOthers, onOthers, settle(1), settle(2), settle(20)])();
}

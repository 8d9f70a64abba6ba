import {
  commandOf,
  DEFAULT_FLAVORS,
  deriveId,
  DomainError,
  type FlavorRecord,
  instanceRef,
  type LaunchRequest,
  serverReservation,
} from '@cairn/domain';
import { TENANT_REQUESTS } from '../../../domain/src/testing/operations';
import { INVENTORY, LAUNCH, NETWORK } from './examples';
import type { Choose, TinyCloud } from './tiny-cloud';

const PROJECTS = ['p1', 'p2', 'p3'] as const;
const USERS = ['u1', 'u2', 'u3'] as const;
const NAMES = ['alpha', 'beta', 'gamma'] as const;
const ACCOUNT = { name: 'a name', domainId: 'default', description: '', enabled: true };
const FAR = LAUNCH.notAfter;

/** Hosts, a network and accounts, as every cloud has them before its tenants come. */
export function furnish(cloud: TinyCloud, hosts = 2, cidr = '10.0.0.0/27'): void {
  for (let number = 1; number <= hosts; number += 1) {
    const hostId = deriveId('host', number);
    const ref = { category: 'host', id: hostId };
    const data = { hostId, name: `host-${hostId.slice(0, 4)}`, number, availabilityZone: 'nova' };
    cloud.execute(ref, { type: 'EnrolHost', data });
    startAgent(cloud, hostId, 'boot-0');
  }
  cloud.execute(
    { category: 'network', id: NETWORK.networkId },
    { type: 'CreateNetwork', data: { ...NETWORK, cidr, rangeStart: null, rangeEnd: null } },
  );
  for (const projectId of PROJECTS) {
    cloud.execute({ category: 'project', id: projectId }, { type: 'CreateProject', data: { projectId, ...ACCOUNT } });
  }
  for (const userId of USERS) {
    const data = { userId, ...ACCOUNT, email: null, defaultProjectId: null, passwordHash: null };
    cloud.execute({ category: 'user', id: userId }, { type: 'CreateUser', data });
  }
  for (const flavor of DEFAULT_FLAVORS) {
    cloud.execute({ category: 'flavor', id: flavor.flavorId }, { type: 'CreateFlavor', data: flavor });
  }
}

export function startAgent(cloud: TinyCloud, hostId: string, bootId: string): void {
  const data = { bootId, inventory: { ...INVENTORY, hostname: hostId } };
  cloud.execute({ category: 'host', id: hostId }, { type: 'RecordAgentStarted', data });
}

/** Reserves quota and asks for one server, as the controller does; its id, or null when it was refused. */
export function launch(cloud: TinyCloud, projectId: string, number: number, abandon = false): string | null {
  const flavor = DEFAULT_FLAVORS[number % DEFAULT_FLAVORS.length] as FlavorRecord;
  const instanceId = deriveId('instance', number);
  const quota = { category: 'quota', id: projectId };
  const reserved = cloud.execute(quota, {
    type: 'ReserveQuota',
    data: { reservations: [serverReservation(instanceId, flavor)] },
  });
  if (reserved instanceof DomainError) return null;
  if (abandon) return instanceId;
  cloud.execute(
    { category: 'instance', id: instanceId },
    { type: 'LaunchInstance', data: request(instanceId, projectId, number, flavor) },
  );
  cloud.execute(quota, { type: 'ConfirmQuota', data: { owners: [instanceRef(instanceId)] } });
  return instanceId;
}

function request(instanceId: string, projectId: string, number: number, flavor: FlavorRecord): LaunchRequest {
  const { rxtxFactor: _factor, isPublic: _public, ...spec } = flavor;
  return {
    ...LAUNCH,
    instanceId,
    projectId,
    number,
    reservationId: `r-${String(number)}`,
    name: `server ${String(number)}`,
    flavor: spec,
    kernel: number % 3 === 0 ? { ...LAUNCH.image, imageId: 'kernel-1' } : null,
    metadata: { role: 'web' },
    userData: number % 2 === 0 ? null : LAUNCH.userData,
    networks: number % 7 === 0 ? [] : LAUNCH.networks,
  };
}

/** One thing that a tenant, an administrator or fate does, by choice. Much of it is refused, as in life. */
export function actAtRandom(cloud: TinyCloud, choose: Choose, step: number): void {
  const one = <T>(list: readonly T[]): T => list[choose(list.length)] as T;
  const settle = (effects: number) => (): void => {
    for (let i = 0; i < effects; i += 1) cloud.settleOne();
  };
  const acts: readonly ((cloud: TinyCloud, choose: Choose, step: number) => void)[] = [
    () => {
      launch(cloud, one(PROJECTS), step, choose(6) === 1);
    },
    onServer,
    onServer,
    onHost,
    onImage,
    (...all) => {
      for (let i = 0; i < 4; i += 1) onAccounts(...all);
    },
    settle(1),
    settle(2),
    settle(20),
  ];
  one(acts)(cloud, choose, step);
}

function onServer(cloud: TinyCloud, choose: Choose): void {
  const ids = cloud.ids('instance');
  const id = ids[choose(ids.length)];
  if (id === undefined) return;
  const operation = TENANT_REQUESTS[choose(TENANT_REQUESTS.length)];
  if (operation !== undefined) cloud.execute({ category: 'instance', id }, commandOf(operation, FAR));
}

function onHost(cloud: TinyCloud, choose: Choose, step: number): void {
  const ids = cloud.ids('host');
  const id = ids[choose(ids.length)];
  if (id === undefined) return;
  const bootId = `boot-${String(step)}`;
  const commands = [
    { type: 'MarkHostDown', data: { lastSeenAt: FAR } },
    { type: 'MarkHostUp', data: { bootId } },
    { type: 'DisableHost', data: { reason: 'broken fan' } },
    { type: 'EnableHost', data: {} },
    { type: 'ForceHostDown', data: {} },
    { type: 'ClearForceDown', data: {} },
    { type: 'ReportDrift', data: { bootId, kind: 'domain', name: 'unknown' } },
  ];
  const choice = choose(commands.length + 1);
  const command = commands[choice];
  if (command === undefined) startAgent(cloud, id, bootId);
  else cloud.execute({ category: 'host', id }, command);
}

function onImage(cloud: TinyCloud, choose: Choose, step: number): void {
  const imageId = `image-${String(choose(4))}`;
  const record = {
    imageId,
    projectId: 'p1',
    name: null,
    visibility: 'private',
    diskFormat: 'qcow2',
    containerFormat: 'bare',
    minDiskGb: 0,
    minRamMb: 0,
    protected: false,
    tags: ['a'],
    properties: { os: 'linux' },
  };
  const blob = { sizeBytes: 5_000_000_000, sha256: 'ab', sha512: 'cd', md5: 'ef' };
  const commands = [
    { type: 'CreateImage', data: record },
    { type: 'UpdateImage', data: { name: `image ${String(step)}`, tags: [], properties: { step: String(step) } } },
    { type: 'RecordImageUploaded', data: blob },
    { type: 'DeleteImage', data: {} },
  ];
  cloud.execute({ category: 'image', id: imageId }, commands[choose(commands.length)] as (typeof commands)[number]);
}

function onAccounts(cloud: TinyCloud, choose: Choose, step: number): void {
  const one = <T>(list: readonly T[]): T => list[choose(list.length)] as T;
  const [projectId, userId, name] = [one(PROJECTS), one(USERS), one(NAMES)];
  const project = { category: 'project', id: projectId };
  const user = { category: 'user', id: userId };
  const keys = { category: 'keypairs', id: userId };
  const passwordHash = { keyId: 'k', ciphertext: String(step) };
  const at = new Date(Date.UTC(2026, 0, 1) + step * 3_000).toISOString();
  const flavorId = String(1 + choose(5));
  const flavor = { category: 'flavor', id: flavorId };
  const acts = [
    [project, { type: 'UpdateProject', data: { enabled: choose(2) === 0 } }],
    [project, { type: 'UpdateProject', data: { tags: [name], attributes: { [name]: step } } }],
    [project, { type: 'GrantRole', data: { userId, role: one(['admin', 'member']) } }],
    [project, { type: 'GrantRole', data: { userId, role: one(['admin', 'member']) } }],
    [project, { type: 'RevokeRole', data: { userId, role: 'admin' } }],
    [project, { type: choose(9) === 1 ? 'DeleteProject' : 'AbandonCreation', data: { id: projectId } }],
    [user, { type: 'UpdateUser', data: { email: `${name}@example.org`, attributes: { [name]: [step] } } }],
    [user, { type: 'ChangePassword', data: { passwordHash } }],
    [user, { type: 'RevokeToken', data: { tokenId: `t${String(step)}-${userId}`, expiresAt: at } }],
    [user, { type: choose(9) === 1 ? 'DeleteUser' : 'AbandonCreation', data: { id: userId } }],
    [flavor, { type: 'DeleteFlavor', data: {} }],
    [flavor, { type: 'CreateFlavor', data: DEFAULT_FLAVORS[Number(flavorId) - 1] as FlavorRecord }],
    [
      keys,
      { type: 'CreateKeyPair', data: { userId, name, keyType: 'ssh', publicKey: 'k', fingerprint: 'f', limit: 9 } },
    ],
    [keys, { type: 'DeleteKeyPair', data: { name } }],
    [
      { category: 'quota', id: projectId },
      { type: 'SetQuotaLimits', data: { limits: { cores: step }, force: true } },
    ],
    [
      { category: 'quota', id: projectId },
      { type: 'SetQuotaLimits', data: { limits: { cores: null }, force: true } },
    ],
  ] as const;
  const [ref, command] = one(acts);
  cloud.execute(ref, command);
}

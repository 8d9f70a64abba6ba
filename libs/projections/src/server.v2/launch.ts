import {
  allAddresses,
  type DiskChoice,
  groupsAtLaunch,
  type Hardware,
  type InstanceEvent,
  rootNameOf,
  unreachable,
} from '@cairn/domain';
import { placedTask } from './moving';
import type { Projected } from '../projection';
import type { ServerAddress, ServerRow } from './row';

/** What an event changes of a row. */
export type ServerChange = Partial<Omit<ServerRow, 'id'>>;

type Requested = Extract<InstanceEvent, { type: 'instance.launch-requested.v1' }>;
type Step = Extract<
  InstanceEvent,
  {
    type:
      | 'instance.host-chosen.v2'
      | 'instance.host-claimed.v1'
      | 'instance.host-refused.v1'
      | 'instance.address-allocated.v1'
      | 'instance.floating-ip-bound.v1'
      | 'instance.floating-ip-unbound.v1'
      | 'instance.launch-attempt-failed.v1'
      | 'instance.launched.v1'
      | 'instance.launch-failed.v1';
  }
>;

/** The row of a server that was just asked for. */
export function requestedRow({ data, at, position }: Projected<Requested>): ServerRow {
  const { flavor } = data;
  return {
    id: data.instanceId,
    projectId: data.projectId,
    userId: data.userId,
    number: data.number,
    name: data.name,
    description: data.description,
    hostname: data.hostname,
    vmState: 'building',
    taskState: 'scheduling',
    powerState: 0,
    deleted: false,
    progress: 0,
    flavorId: flavor.flavorId,
    flavorName: flavor.name,
    vcpus: flavor.vcpus,
    ramMb: flavor.ramMb,
    rootGb: flavor.rootGb,
    ephemeralGb: flavor.ephemeralGb,
    swapMb: flavor.swapMb,
    extraSpecs: data.extraSpecs ?? {},
    imageId: data.image.imageId,
    kernelId: data.kernel?.imageId ?? null,
    ramdiskId: data.ramdisk?.imageId ?? null,
    keyName: data.keyName,
    publicKey: data.publicKey,
    metadata: data.metadata,
    tags: sortedTags(data.tags ?? []),
    securityGroups: groupsAtLaunch(data),
    unfiltered: data.groups === undefined,
    hasUserData: data.userData !== null,
    hasConfigDrive: data.configDrive !== undefined,
    rootDevice: rootDeviceOf(data.localDisks?.root, data.hardware),
    rootBus: data.localDisks?.root?.bus ?? null,
    autoDiskConfig: data.autoDiskConfig,
    accessIpV4: data.accessIpV4 ?? null,
    accessIpV6: data.accessIpV6 ?? null,
    reservationId: data.reservationId,
    launchIndex: data.launchIndex,
    availabilityZone: data.availabilityZone,
    addresses: [],
    fixedIps: '',
    networkCount: data.networks.length,
    nicTags: nicTagsOf(data.networks),
    hostId: null,
    hostName: null,
    hostClaimed: false,
    generation: 0,
    faultCode: null,
    faultMessage: null,
    faultAt: null,
    locked: false,
    lockedReason: null,
    createdAt: at,
    updatedAt: at,
    launchedAt: null,
    terminatedAt: null,
    deletedAt: null,
    position,
  };
}

const nicTagsOf = (networks: Requested['data']['networks']): ServerRow['nicTags'] =>
  Object.fromEntries(networks.flatMap(({ networkId, tag }) => (tag === undefined ? [] : [[networkId, tag] as const])));

/** In the order of code units, which is no one's language. */
export const sortedTags = (tags: readonly string[]): readonly string[] => [...tags].sort();

export const NO_HOST = { hostId: null, hostName: null, hostClaimed: false } as const;

/** What a step of the launch changes. */
export function launching(row: ServerRow, event: Projected<Step>): ServerChange {
  switch (event.type) {
    case 'instance.host-chosen.v2': {
      if (event.data.purpose !== 'launch') return { generation: row.generation + 1 };
      const { hostId, hostName } = event.data;
      return { hostId, hostName, hostClaimed: false, taskState: taskOf(row, false), generation: row.generation + 1 };
    }
    case 'instance.host-claimed.v1':
      if (event.data.kind !== undefined) return { taskState: placedTask(row, event.data.kind) };
      return row.hostId === null ? {} : { hostClaimed: true, taskState: taskOf(row, true) };
    case 'instance.host-refused.v1':
      if (event.data.kind !== undefined) return {};
      return { ...NO_HOST, taskState: taskOf(row, false) };
    case 'instance.address-allocated.v1': {
      const addresses = [...row.addresses, addressOf(event.data)];
      const after = { ...row, addresses };
      return { ...withAddresses(addresses), taskState: taskOf(after, row.hostClaimed) };
    }
    case 'instance.floating-ip-bound.v1':
      return { addresses: withFloating(row.addresses, event.data) };
    case 'instance.floating-ip-unbound.v1':
      return { addresses: withoutFloating(row.addresses, event.data.floatingIpId) };
    case 'instance.launch-attempt-failed.v1':
      return { ...NO_HOST, taskState: taskOf(row, false), generation: row.generation + 1 };
    case 'instance.launched.v1':
      return {
        vmState: 'active',
        taskState: idle(row),
        powerState: event.data.facts.power === 'running' ? 1 : 4,
        progress: 100,
        launchedAt: event.at,
      };
    case 'instance.launch-failed.v1':
      return {
        ...NO_HOST,
        vmState: 'error',
        taskState: idle(row),
        addresses: [],
        fixedIps: '',
        generation: row.generation + 1,
        faultCode: event.data.code,
        faultMessage: event.data.message,
        faultAt: event.at,
      };
    default:
      return unreachable(event);
  }
}

/** The task when nothing else is under way: the end of an operation does not hide a deletion. */
export const idle = ({ taskState }: ServerRow): string | null => (taskState === 'deleting' ? taskState : null);

const LAUNCHING: ReadonlySet<string | null> = new Set(['scheduling', 'networking', 'spawning']);

/** The task of a launch that goes on; whatever else is under way stays. */
function taskOf(row: ServerRow, claimed: boolean): string | null {
  if (row.vmState !== 'building' || !LAUNCHING.has(row.taskState)) return row.taskState;
  if (!claimed) return 'scheduling';
  return row.addresses.length < row.networkCount ? 'networking' : 'spawning';
}

type Allocated = Extract<Step, { type: 'instance.address-allocated.v1' }>['data'];

const addressOf = ({ claimId, address, mac, addressV6, network, tag }: Allocated): ServerAddress => ({
  id: claimId,
  label: network.label,
  networkId: network.networkId,
  address,
  mac,
  version: 4,
  ...(addressV6 === undefined ? {} : { addressV6 }),
  ...(tag === undefined ? {} : { tag }),
});

type Bound = Extract<Step, { type: 'instance.floating-ip-bound.v1' }>['data'];

const withFloating = (
  addresses: readonly ServerAddress[],
  { floatingIpId: id, address, claimId }: Bound,
): readonly ServerAddress[] =>
  withoutFloating(addresses, id).map((one) =>
    one.id === claimId ? { ...one, floating: [...(one.floating ?? []), { id, address }] } : one,
  );

const withoutFloating = (addresses: readonly ServerAddress[], floatingIpId: string): readonly ServerAddress[] =>
  addresses.map(({ floating, ...one }) => {
    const others = (floating ?? []).filter(({ id }) => id !== floatingIpId);
    return others.length === 0 ? one : { ...one, floating: others };
  });

export const withAddresses = (addresses: readonly ServerAddress[]): ServerChange => ({
  addresses,
  fixedIps: fixedIpsOf(addresses),
});

const fixedIpsOf = (addresses: readonly ServerAddress[]): string =>
  addresses.length === 0 ? '' : ` ${addresses.flatMap(allAddresses).join(' ')} `;

/** As nova names the first disk. */
export const rootDeviceOf = (root: DiskChoice = {}, hardware: Hardware = {}): string =>
  `/dev/${rootNameOf(root, hardware)}`;

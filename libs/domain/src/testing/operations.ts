import {
  type AnyHostOperation,
  type Before,
  HOST_OPERATIONS,
  type ImageSpec,
  type InputOf,
  type Nothing,
  OPERATIONS,
  type OperationName,
  type OperationRequest,
  type SnapshotImage,
  type Standing,
  targetOf,
  type VmState,
} from '../instance';
import { defaultGroupId } from '../security-groups';
import { addressClaimId } from '../instance/interfaces/interfaces';
import { HOST_A, INSTANCE, NET, uuid } from './examples';
import { launchOf } from './model/records';

/** Operations with input. */
type Taking = { [Name in OperationName]: Nothing extends InputOf<Name> ? never : Name }[OperationName];

const SNAPSHOT: SnapshotImage = {
  projectId: uuid(2),
  name: 'a snapshot',
  visibility: 'private',
  minDiskGb: 20,
  minRamMb: 0,
  properties: { image_type: 'snapshot', instance_uuid: uuid(1) },
};

/** Another image than the one that servers are launched from. */
export const OTHER_IMAGE: ImageSpec = { imageId: uuid(82), sha256: 'cd'.repeat(32), sizeBytes: 1_000, format: 'qcow2' };
const BIGGER = {
  ...launchOf().flavor,
  flavorId: '9',
  name: 'm1.bigger',
  vcpus: 2,
  ramMb: 4096,
  rootGb: 20,
  ephemeralGb: 1,
};
const SEALED = { keyId: `project/${uuid(2)}@0123456789abcdef`, ciphertext: 'v1.sealed' };

/** By the host of the model. @param generation that of a server after its launch, or one operation later. */
const seen = (generation: number): InputOf<'follow-off'> => ({
  hostId: HOST_A,
  generation,
  cause: 'The guest shut down.',
});

/** The inputs that tests use, one for each variant. Other operations have none. */
const INPUTS: { readonly [Name in Taking]: readonly InputOf<Name>[] } = {
  rescue: [{ rescue: { image: OTHER_IMAGE, kernel: null, ramdisk: null } }],
  changePassword: [
    { user: 'root', adminPass: SEALED },
    { user: 'Administrator', adminPass: SEALED, forOwner: SEALED },
  ],
  rebuild: [
    {
      changes: { image: OTHER_IMAGE, kernel: null, ramdisk: null, name: 'again', metadata: { tier: '2' } },
      preserveEphemeral: false,
    },
  ],
  createImage: [{ image: SNAPSHOT }],
  createBackup: [{ image: SNAPSHOT, rotated: [uuid(81)], kept: false }],
  reboot: [{ rebootType: 'soft' }, { rebootType: 'hard' }],
  'follow-off': [seen(1)],
  'follow-pause': [seen(1)],
  'follow-unpause': [seen(2)],
  'keep-off': [seen(2)],
  restore: [{ hostId: HOST_A, bootId: uuid(70) }],
  rename: [{ name: 'db' }, { name: '__proto__' }],
  describe: [{ description: null }, { description: 'ünïcode “text”' }],
  'replace-metadata': [{ metadata: {} }, { metadata: { role: 'db', tier: '1' } }],
  'set-access-addresses': [
    { addresses: { accessIpV4: '192.0.2.7' } },
    { addresses: { accessIpV4: null, accessIpV6: '2001:db8::7' } },
  ],
  'set-disk-config': [{ autoDiskConfig: false }, { autoDiskConfig: true }],
  'add-security-group': [{ group: { groupId: uuid(91), name: 'web' } }],
  'remove-security-group': [{ group: { groupId: defaultGroupId(uuid(2)), name: 'default' } }],
  'replace-tags': [{ tags: ['db', 'ünïcode'] }, { tags: [] }],
  'add-tag': [{ tag: 'web' }, { tag: 'constructor' }],
  'remove-tag': [{ tag: 'web' }],
  'set-hostname': [{ hostname: 'db.example' }],
  'post-password': [{ password: SEALED }],
  resetState: [{ vmState: 'active' }, { vmState: 'error' }],
  'soft-delete': [{ keepSeconds: 60 }],
  shelve: [{ image: SNAPSHOT, offloadAfterMs: null }],
  unshelve: [{ image: OTHER_IMAGE }],
  resize: [{ flavor: BIGGER, sameHost: true, number: 1 }],
  migrate: [{ number: 2 }],
  attachInterface: [{ networkId: NET, address: null, tag: 'data' }],
  detachInterface: [{ portId: addressClaimId(INSTANCE, NET) }],
  'change-metadata': [{ set: { owner: 'ops' }, remove: ['tier'], limit: 2 }],
};

const inputsOf = (name: string): readonly object[] => (Object.hasOwn(INPUTS, name) ? INPUTS[name as Taking] : [{}]);

/** A request for each operation in each of its variants. */
export const REQUESTS = OPERATIONS.flatMap(({ name }) =>
  inputsOf(name).map((input) => ({ name, input })),
) as readonly OperationRequest[];

/** The request for one operation, in the first of its variants. */
export function requestNamed<Name extends OperationName>(name: Name): Extract<OperationRequest, { name: Name }> {
  const found = REQUESTS.find((request) => request.name === name);
  if (found === undefined) throw new Error(`there is no request for ${name}`);
  return found as Extract<OperationRequest, { name: Name }>;
}

const isOfTenants = (name: OperationName): boolean =>
  HOST_OPERATIONS.every((operation) => operation.name !== name || operation.origin === 'tenant');

/** The same request of a server elsewhere than in the model: in another network, and with ports of its own. */
export function fitted(request: OperationRequest, networkId: string, portId: string): OperationRequest {
  const { name, input } = request;
  if (name === 'attachInterface') return { name, input: { ...input, networkId } };
  return name === 'detachInterface' ? { name, input: { portId } } : request;
}

/** Those that tenants ask for. */
export const TENANT_REQUESTS = REQUESTS.filter(({ name }) => isOfTenants(name));

/** In words: `reboot soft`. */
export const titleOf = ({ name, input }: OperationRequest): string =>
  [name, ...Object.values(input).filter((value) => typeof value === 'string')].join(' ');

/** The shortest path of operations from `active` to a state; undefined if there is none. */
export function pathTo(vmState: VmState): readonly OperationRequest[] | undefined {
  const paths = new Map<VmState, readonly OperationRequest[]>([['active', []]]);
  for (const [from, path] of paths) {
    if (from === vmState) return path;
    for (const request of TENANT_REQUESTS) {
      const target = targetFrom(request, from);
      if (target !== undefined && !paths.has(target)) paths.set(target, [...path, request]);
    }
  }
  return undefined;
}

/** Where an operation of a host leads from a state; undefined when it is refused there. */
export function targetFrom({ name, input }: OperationRequest, from: VmState): VmState | undefined {
  const operation = HOST_OPERATIONS.find((one) => one.name === name);
  if (operation === undefined || !takes(operation, input, from)) return undefined;
  return targetOf(operation, stoodAt(from)).vmState;
}

/** A server in that state. One that was resized ran before. */
const stoodAt = (vmState: VmState): Before => ({
  vmState,
  former: vmState === 'resized' ? { ...RUNNING, vmState: 'active' } : undefined,
});

const RUNNING: Omit<Standing, 'vmState'> = {
  host: { attempt: 1, hostId: HOST_A, hostName: 'node-a', claimId: uuid(71), claimed: true },
  flavor: launchOf().flavor,
};

function takes(operation: AnyHostOperation, input: object, from: VmState): boolean {
  const { vmStates } = operation.allowed(input);
  return vmStates === 'any' || vmStates.includes(from);
}

/** The reachable states in which a server takes this host operation. */
export const startsOf = (request: OperationRequest): readonly VmState[] =>
  STATES.filter((vmState) => targetFrom(request, vmState) !== undefined && pathTo(vmState) !== undefined);

const STATES: readonly VmState[] = [
  ...new Set(
    HOST_OPERATIONS.flatMap(({ target }) => (typeof target !== 'string' && 'power' in target ? [target.vmState] : [])),
  ),
];

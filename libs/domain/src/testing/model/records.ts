import type { FlavorRecord } from '../../flavor';
import type { FloatingIpRecord } from '../../floating-ip';
import type { Inventory } from '../../host/inventory';
import type { ImageBlob, ImageRecord } from '../../image';
import type { LaunchRequest } from '../../instance/launch/request';
import type { NetworkSpec } from '../../instance/spec';
import type { KeyPair } from '../../keypairs';
import type { ProjectRecord } from '../../project';
import { egressRules, type SecurityGroupRecord, type SecurityRule } from '../../security-groups';
import type { ServerGroupRecord } from '../../server-group';
import type { UserRecord } from '../../user';

/** What each thing of a cloud is made of in tests, once. A test gives only what matters to it. */

/** A UUID that people can tell apart from others: `uuid(7)`. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Later than anything that happens in a test. */
export const FAR = '2100-01-01T00:00:00.000Z';

export const inventoryOf = (over: Partial<Inventory> = {}): Inventory => ({
  hostname: 'node-a',
  hostIp: '127.0.0.1',
  vcpus: 8,
  ramMb: 16_384,
  diskGb: 200,
  hypervisorType: 'fake',
  hypervisorVersion: 1_000_000,
  virtType: 'simulated',
  cpu: { arch: 'x86_64', model: 'm', vendor: 'v', sockets: 1, cores: 8, threads: 1, features: ['sse'] },
  ...over,
});

export const networkSpecOf = (over: Partial<NetworkSpec> = {}): NetworkSpec => ({
  networkId: uuid(21),
  label: 'private',
  bridge: 'br100',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: [],
  domain: 'novalocal',
  mtu: 1_500,
  ...over,
});

export const flavorOf = (over: Partial<FlavorRecord> = {}): FlavorRecord => ({
  flavorId: '1',
  name: 'm1.tiny',
  vcpus: 1,
  ramMb: 512,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  rxtxFactor: 1,
  isPublic: true,
  ...over,
});

export const imageOf = (over: Partial<ImageRecord> = {}): ImageRecord => ({
  imageId: uuid(4),
  projectId: uuid(2),
  name: 'guest',
  visibility: 'public',
  diskFormat: 'qcow2',
  containerFormat: 'bare',
  minDiskGb: 0,
  minRamMb: 0,
  protected: false,
  tags: [],
  properties: {},
  ...over,
});

export const blobOf = (over: Partial<ImageBlob> = {}): ImageBlob => ({
  sizeBytes: 1_048_576,
  sha256: 'ab'.repeat(32),
  sha512: 'cd'.repeat(64),
  md5: 'ef'.repeat(16),
  ...over,
});

export const projectOf = (over: Partial<ProjectRecord> = {}): ProjectRecord => ({
  projectId: uuid(2),
  name: 'a name',
  domainId: 'default',
  description: '',
  enabled: true,
  ...over,
});

export const userOf = (over: Partial<UserRecord> = {}): UserRecord => ({
  userId: uuid(3),
  name: 'a name',
  domainId: 'default',
  description: '',
  enabled: true,
  email: null,
  defaultProjectId: null,
  passwordHash: null,
  ...over,
});

export const keyPairOf = (over: Partial<KeyPair> = {}): KeyPair => ({
  userId: uuid(3),
  name: 'laptop',
  keyType: 'ssh',
  publicKey: 'ssh-ed25519 AAAA laptop',
  fingerprint: 'f',
  ...over,
});

export const serverGroupOf = (over: Partial<ServerGroupRecord> = {}): ServerGroupRecord => ({
  groupId: uuid(5),
  projectId: uuid(2),
  userId: uuid(3),
  name: 'a group',
  policy: 'anti-affinity',
  ...over,
});

export const securityRuleOf = (over: Partial<SecurityRule> = {}): SecurityRule => ({
  ruleId: uuid(95),
  number: 1,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: 'tcp',
  from: 22,
  to: 22,
  remote: { cidr: '0.0.0.0/0' },
  ...over,
});

export const securityGroupOf = (
  over: Partial<SecurityGroupRecord> = {},
): SecurityGroupRecord & { readonly rules: readonly SecurityRule[] } => {
  const group = { groupId: uuid(94), projectId: uuid(2), number: 2, name: 'web', description: 'for the web', ...over };
  return { ...group, rules: egressRules(group.groupId) };
};

export const floatingIpOf = (over: Partial<FloatingIpRecord> = {}): FloatingIpRecord => ({
  floatingIpId: uuid(60),
  number: 1,
  projectId: uuid(2),
  poolId: uuid(61),
  poolName: 'nova',
  address: '203.0.113.3',
  interface: null,
  ...over,
});

/** The request for a small server with everything that a tenant can give. */
export const launchOf = (over: Partial<LaunchRequest> = {}): LaunchRequest => ({
  instanceId: uuid(1),
  projectId: uuid(2),
  userId: uuid(3),
  number: 26,
  reservationId: 'r-abcdefgh',
  launchIndex: 0,
  name: 'web',
  description: null,
  hostname: 'web',
  flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  image: { imageId: uuid(4), sha256: 'ab'.repeat(32), sizeBytes: 1_048_576, format: 'qcow2' },
  kernel: null,
  ramdisk: null,
  keyName: 'laptop',
  publicKey: 'ssh-ed25519 AAAA laptop',
  metadata: { role: 'web' },
  userData: { keyId: 'k1', ciphertext: 'c2VhbGVk' },
  availabilityZone: null,
  forcedHost: null,
  networks: [{ networkId: uuid(21), address: null }],
  securityGroups: ['default'],
  autoDiskConfig: true,
  notAfter: FAR,
  ...over,
});

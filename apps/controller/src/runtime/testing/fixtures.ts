import { deriveId, type Inventory, type LaunchRequest, type NetworkSpec } from '@cairn/domain';

/** Valid ids that tell their purpose apart. */
export const idOf = (what: string, n = 1): string => deriveId('fixture', what, n);

export const inventoryOf = (over: Partial<Inventory> = {}): Inventory => ({
  hostname: 'host-1',
  hostIp: '127.0.0.1',
  vcpus: 4,
  ramMb: 8_192,
  diskGb: 100,
  hypervisorType: 'fake',
  hypervisorVersion: 1_000_000,
  virtType: 'simulated',
  cpu: { arch: 'x86_64', model: 'm', vendor: 'v', sockets: 1, cores: 4, threads: 1, features: [] },
  ...over,
});

export const networkOf = (over: Partial<NetworkSpec> = {}): NetworkSpec => ({
  networkId: idOf('network'),
  label: 'net',
  bridge: 'br1',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: [],
  domain: 'novalocal',
  mtu: 1_500,
  ...over,
});

/** A launch of a tiny server; without a network unless said otherwise. */
export const launchOf = (over: Partial<LaunchRequest> = {}): LaunchRequest => ({
  instanceId: idOf('instance'),
  projectId: idOf('project'),
  userId: 'user',
  number: 1,
  reservationId: 'r-1',
  launchIndex: 0,
  name: 'server',
  description: null,
  hostname: 'server',
  flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  image: { imageId: idOf('image'), sha256: 'ab'.repeat(32), sizeBytes: 1_000, format: 'raw' },
  kernel: null,
  ramdisk: null,
  keyName: null,
  publicKey: null,
  metadata: {},
  userData: null,
  availabilityZone: null,
  forcedHost: null,
  networks: [],
  securityGroups: [],
  autoDiskConfig: false,
  notAfter: '2026-11-22T12:10:00.000Z',
  ...over,
});

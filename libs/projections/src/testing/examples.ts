import type { Inventory, LaunchRequest, NetworkSpec } from '@cairn/domain';

export const NETWORK: NetworkSpec = {
  networkId: 'aaaaaaaa-0000-5000-8000-000000000001',
  label: 'private',
  bridge: 'br100',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: ['10.0.0.1'],
  domain: 'novalocal',
  mtu: 1500,
};

export const LAUNCH: LaunchRequest = {
  instanceId: 'bbbbbbbb-0000-5000-8000-000000000001',
  projectId: 'p1',
  userId: 'u1',
  number: 7,
  reservationId: 'r-1',
  launchIndex: 0,
  name: 'web',
  description: null,
  hostname: 'web',
  flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  image: { imageId: 'image-1', sha256: 'ab', sizeBytes: 5_000_000_000, format: 'qcow2' },
  kernel: null,
  ramdisk: null,
  keyName: 'key',
  publicKey: 'ssh-ed25519 AAAA',
  metadata: {},
  userData: { keyId: 'k', ciphertext: 'c' },
  availabilityZone: null,
  forcedHost: null,
  networks: [{ networkId: NETWORK.networkId, address: null }],
  securityGroups: ['default'],
  autoDiskConfig: true,
  notAfter: '2100-01-01T00:00:00.000Z',
};

export const INVENTORY: Inventory = {
  hostname: 'node-1',
  hostIp: '127.0.0.1',
  vcpus: 1_000,
  ramMb: 64_000_000,
  diskGb: 1_000_000,
  hypervisorType: 'fake',
  hypervisorVersion: 1_000_000,
  virtType: 'simulated',
  cpu: { arch: 'x86_64', model: 'm', vendor: 'v', sockets: 1, cores: 8, threads: 2, features: ['sse'] },
};

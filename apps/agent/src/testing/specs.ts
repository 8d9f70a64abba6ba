import { eui64, parseCidrV6 } from '@cairn/domain';
import type { ImageSpec, InstanceSpec, NetworkSpec, NicSpec } from '@cairn/host-protocol';

/** The n-th instance id: a valid UUID that differs from others at its start and at its end. */
export const instanceIdOf = (n: number): string => {
  const hex = n.toString(16);
  return `${hex.padStart(8, '0')}-5ca1-4b1e-8000-${hex.padStart(12, '0')}`;
};

export const networkOf = (n: number, over: Partial<NetworkSpec> = {}): NetworkSpec => ({
  networkId: `4e700000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  label: `net${String(n)}`,
  bridge: `brt${String(n)}`,
  cidr: `10.251.${String(n)}.0/24`,
  gateway: `10.251.${String(n)}.1`,
  dns: [],
  domain: 'novalocal',
  mtu: 1450,
  ...over,
});

/** The n-th guest's NIC on a network; n from 1 to 250. */
export function nicOf(n: number, network: NetworkSpec): NicSpec {
  const mac = `fa:16:3e:${network.networkId.slice(-2)}:00:${n.toString(16).padStart(2, '0')}`;
  const block = parseCidrV6(network.ipv6?.cidr ?? '');
  return {
    network,
    mac,
    address: network.gateway.replace(/\.1$/, `.${String(n + 1)}`),
    ...(block === undefined ? {} : { addressV6: eui64(block.base, mac) }),
  };
}

/** The n-th network, with IPv6 addresses, too. */
export const dualNetworkOf = (n: number, over: Partial<NetworkSpec> = {}): NetworkSpec => {
  const prefix = `fd13:0:0:${n.toString(16)}`;
  return networkOf(n, { ipv6: { cidr: `${prefix}::/64`, gateway: `${prefix}::1`, dns: [] }, ...over });
};

export const imageOf = (over: Partial<ImageSpec> = {}): ImageSpec => ({
  imageId: '1a4e0000-0000-4000-8000-000000000001',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  sizeBytes: 0,
  format: 'raw',
  ...over,
});

export const instanceOf = (n: number, over: Partial<InstanceSpec> = {}): InstanceSpec => ({
  instanceId: instanceIdOf(n),
  projectId: '9f0a0000-0000-4000-8000-000000000001',
  domainName: `instance-${n.toString(16).padStart(8, '0')}`,
  hostname: `vm-${String(n)}`,
  vcpus: 1,
  ramMb: 128,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  image: imageOf(),
  kernel: null,
  ramdisk: null,
  nics: [],
  power: 'running',
  ...over,
});

/** Of a guest without a configuration drive. */
export const noDrive = (): Promise<never> => Promise.reject(new Error('nobody should ask for a configuration drive'));

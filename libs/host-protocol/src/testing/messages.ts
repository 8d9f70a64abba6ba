import { deriveId, type InstanceSpec, type Inventory } from '@cairn/domain';

import type { HostJob, JobEnvelope } from '../jobs';

/** Messages of each kind as they are when nothing is wrong with them. */

export const envelope: JobEnvelope = {
  effectId: deriveId('an effect'),
  hostId: deriveId('a host'),
  resource: { category: 'instance', id: deriveId('an instance') },
  generation: 3,
};

const network = {
  networkId: deriveId('a network'),
  label: 'private',
  bridge: 'br100',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: ['10.0.0.53'],
  domain: 'novalocal',
  mtu: 1450,
};

export const instanceSpecOf = (over: Partial<InstanceSpec> = {}): InstanceSpec => ({
  instanceId: envelope.resource.id,
  projectId: deriveId('a project'),
  domainName: 'instance-00000001',
  hostname: 'vm-1',
  vcpus: 1,
  ramMb: 512,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  image: { imageId: deriveId('an image'), sha256: 'a'.repeat(64), sizeBytes: 1_000, format: 'qcow2' },
  kernel: null,
  ramdisk: null,
  nics: [{ network, mac: 'fa:16:3e:00:00:01', address: '10.0.0.2' }],
  power: 'running',
  ...over,
});

export const jobs: readonly HostJob[] = [
  { ...envelope, kind: 'ensure-instance', payload: { spec: instanceSpecOf() } },
  { ...envelope, kind: 'reboot-instance', correlationId: 'req-1', payload: { type: 'soft', spec: instanceSpecOf() } },
  { ...envelope, kind: 'remove-instance', payload: {} },
];

export const inventoryOf = (over: Partial<Inventory> = {}): Inventory => ({
  hostname: 'node-1',
  hostIp: '192.0.2.1',
  vcpus: 8,
  ramMb: 16_384,
  diskGb: 100,
  hypervisorType: 'QEMU',
  hypervisorVersion: 7_002_000,
  virtType: 'kvm',
  cpu: { arch: 'x86_64', model: 'host', vendor: 'AMD', sockets: 1, cores: 4, threads: 2, features: ['sse'] },
  ...over,
});

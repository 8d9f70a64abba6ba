import { deriveId, type Hardware, type InstanceSpec } from '@cairn/domain';

import { networkSpecOf } from '../../../domain/src/testing/model';

import type { HostJob, JobEnvelope } from '../jobs';

/** Messages of each kind as they are when nothing is wrong with them. */

export const envelope: JobEnvelope = {
  effectId: deriveId('an effect'),
  hostId: deriveId('a host'),
  resource: { category: 'instance', id: deriveId('an instance') },
  generation: 3,
};

const ANY_HARDWARE: Hardware = {
  machineType: 'q35',
  firmware: { type: 'uefi', secureBoot: 'optional' },
  video: { model: 'qxl', ramMb: 16 },
  rng: { bytes: 100, periodMs: 1_000 },
  cpuLimits: { quotaUs: -1 },
  nicLimits: { inbound: { average: 1, peak: 2, burst: 3 } },
  guestAgent: true,
};

const network = networkSpecOf({ networkId: deriveId('a network'), dns: ['10.0.0.53'] });

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
  { ...envelope, kind: 'ensure-instance', payload: { spec: instanceSpecOf(), leaveOff: true } },
  {
    ...envelope,
    kind: 'change-nics',
    payload: {
      spec: instanceSpecOf({
        nics: [{ network, mac: 'fa:16:3e:00:00:02', address: '10.0.0.3', slot: 0x0a, plug: 2 }],
      }),
    },
  },
  { ...envelope, kind: 'reboot-instance', correlationId: 'req-1', payload: { type: 'soft', spec: instanceSpecOf() } },
  {
    ...envelope,
    kind: 'rebuild-instance',
    payload: {
      spec: instanceSpecOf({
        rootId: deriveId('a root'),
        ephemeralId: deriveId('an ephemeral disk'),
        hardware: ANY_HARDWARE,
        rescue: { image: instanceSpecOf().image, kernel: null, ramdisk: null },
        guard: { groups: [deriveId('a security group')], revision: 0 },
      }),
    },
  },
  {
    ...envelope,
    kind: 'snapshot-instance',
    payload: { spec: instanceSpecOf(), imageId: deriveId('an image that is made'), quiesce: 'require' },
  },
  { ...envelope, kind: 'set-guest-password', payload: { spec: instanceSpecOf(), user: 'root' } },
  { ...envelope, kind: 'inject-nmi', payload: { spec: instanceSpecOf() } },
  { ...envelope, kind: 'discard-disks', payload: { keep: [null, deriveId('a set')], images: [] } },
  { ...envelope, kind: 'remove-instance', payload: {} },
  {
    ...envelope,
    kind: 'apply-security',
    resource: { category: 'securitygroups', id: deriveId('a project').replaceAll('-', '') },
    payload: {
      version: 4,
      groups: [
        {
          groupId: deriveId('a security group'),
          rules: [
            {
              direction: 'ingress',
              ethertype: 'IPv4',
              protocol: 'tcp',
              from: 22,
              to: 22,
              remote: { cidr: '0.0.0.0/0' },
            },
            { direction: 'egress', ethertype: 'IPv6', protocol: null, from: null, to: null, remote: null },
          ],
        },
      ],
      members: [{ groupId: deriveId('a security group'), addresses: ['10.0.0.2', '2001:db8::2'] }],
      changed: [{ instanceId: deriveId('an instance'), groups: [], revision: 1, unfiltered: true }],
    },
  },
  {
    ...envelope,
    kind: 'ensure-floating-ip',
    resource: { category: 'floatingip', id: deriveId('a floating IP') },
    payload: {
      address: '203.0.113.3',
      interface: 'eth1',
      holder: envelope.resource,
      networkId: network.networkId,
      fixedAddress: '10.0.0.2',
    },
  },
  {
    ...envelope,
    kind: 'remove-floating-ip',
    resource: { category: 'floatingip', id: deriveId('a floating IP') },
    payload: {},
  },
  {
    ...envelope,
    kind: 'apply-peers',
    resource: { category: 'network', id: deriveId('a network') },
    payload: { version: 2, peers: ['192.0.2.7'] },
  },
  {
    ...envelope,
    kind: 'apply-names',
    resource: { category: 'dns', id: deriveId('dns', 'cloud') },
    payload: { version: 2, names: [{ name: 'www.example.org', address: '203.0.113.7' }] },
  },
  {
    ...envelope,
    kind: 'cache-image',
    resource: { category: 'host', id: envelope.hostId },
    payload: { image: instanceSpecOf().image },
  },
];

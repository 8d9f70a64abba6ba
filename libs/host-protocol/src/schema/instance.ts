import { CONFIG_DRIVE_FORMATS, DISK_BUSES, DISK_TYPES, FILE_SYSTEMS, POWERS } from '@cairn/domain';
import { z } from 'zod';

import { count, list, text, timings, uuid } from './bounds';
import { hardware } from './hardware';
import { portGuard } from './security';

/** The domain's types of instances as they travel between controller and agent. */

export const imageSpec = z.object({
  imageId: uuid,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: count(Number.MAX_SAFE_INTEGER),
  format: text(),
});

const bootImages = z.object({ image: imageSpec, kernel: imageSpec.nullable(), ramdisk: imageSpec.nullable() });

const rescueImages = bootImages.extend({
  disk: z.object({ bus: z.enum(DISK_BUSES), type: z.enum(DISK_TYPES) }).exactOptional(),
});

/** A VXLAN network identifier has 24 bits. */
const MOST_VNI = 2 ** 24 - 1;

export const networkSpec = z.object({
  networkId: uuid,
  label: text(),
  bridge: text(),
  cidr: text(),
  gateway: text(),
  dns: list(text(), 64),
  domain: text(),
  mtu: count(),
  ipv6: z.object({ cidr: z.cidrv6(), gateway: z.ipv6(), dns: list(z.ipv6(), 64) }).exactOptional(),
  segment: z.object({ type: z.enum(['vxlan', 'vlan']), id: count(MOST_VNI) }).exactOptional(),
  dhcp: z.literal(false).exactOptional(),
  gatewayHosts: z.enum(['none', 'one']).exactOptional(),
  interface: text(15).exactOptional(),
});

export const nicSpec = z.object({
  network: networkSpec,
  mac: text(),
  address: text(),
  addressV6: z.ipv6().exactOptional(),
  slot: count(31).exactOptional(),
  plug: count(255).exactOptional(),
});

const DISK_VIEW = {
  device: text(16),
  bus: z.enum(DISK_BUSES),
  type: z.enum(DISK_TYPES),
  bootIndex: count(255).exactOptional(),
};

export const diskSpec = z.discriminatedUnion('role', [
  z.object({ role: z.literal('root'), ...DISK_VIEW }),
  z.object({
    role: z.literal('ephemeral'),
    ...DISK_VIEW,
    sizeMb: count(Number.MAX_SAFE_INTEGER),
    format: z.enum(FILE_SYSTEMS).exactOptional(),
  }),
  z.object({ role: z.literal('swap'), ...DISK_VIEW, sizeMb: count() }),
  z.object({
    role: z.literal('config'),
    ...DISK_VIEW,
    format: z.enum(CONFIG_DRIVE_FORMATS),
    id: uuid.exactOptional(),
  }),
]);

const setId = uuid.nullable();

const diskSet = z.object({
  id: setId,
  copyOf: z.object({ hostId: uuid.nullable(), id: setId }).exactOptional(),
});

export const instanceSpec = bootImages.extend({
  instanceId: uuid,
  projectId: text(),
  domainName: text(),
  hostname: text(),
  vcpus: count(),
  ramMb: count(),
  rootGb: count(),
  ephemeralGb: count(),
  swapMb: count(),
  disks: list(diskSpec, 64).exactOptional(),
  rootId: uuid.exactOptional(),
  ephemeralId: uuid.exactOptional(),
  rescue: rescueImages.exactOptional(),
  nics: list(nicSpec, 256),
  power: z.enum(POWERS),
  guard: portGuard.exactOptional(),
  hardware: hardware.exactOptional(),
  diskSet: diskSet.exactOptional(),
});

export const VIRT_TYPES = ['kvm', 'tcg', 'simulated'] as const;

export const instanceFacts = z.object({
  power: z.enum([...POWERS, 'absent']),
  virtType: z.enum(VIRT_TYPES).exactOptional(),
  timings,
  imageCached: z.boolean().exactOptional(),
  quiesced: z.boolean().exactOptional(),
});

import type { FlavorSpec } from '@cairn/domain';

/** What tenants can choose: one that always fits, and two that soon do not. */
export const FLAVORS: readonly FlavorSpec[] = [
  { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  { flavorId: '2', name: 'm1.small', vcpus: 1, ramMb: 2_048, rootGb: 20, ephemeralGb: 0, swapMb: 512 },
  { flavorId: '3', name: 'm1.medium', vcpus: 2, ramMb: 4_096, rootGb: 10, ephemeralGb: 10, swapMb: 0 },
];

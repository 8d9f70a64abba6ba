import { deriveId } from '@cairn/domain';

import { network } from '../../libs/domain/src/testing/model';

import type { Asked } from './client';
import type { Frequency } from './moments';
import type { Random } from './random';

/** Networks that are for one project each: now and then too few for all. */
const VLANS = [0, 1];

export const vlanNetworks = VLANS.map((i) =>
  network({
    networkId: deriveId('simulation', 'vlan', i),
    label: `vlan-${String(i)}`,
    bridge: `br10${String(i)}`,
    cidr: `172.16.${String(i)}.0/24`,
    gateway: `172.16.${String(i)}.1`,
    interface: 'eth1',
    segment: { type: 'vlan', id: 100 + i },
  }),
);

export const FIRST_NETWORKS: Frequency = { share: 0.5, least: 1, most: 4 };

/** Every project needs its first network, at once, and two of its servers do. */
export function firstNetworks(random: Random, projects: readonly string[]): Asked {
  const asked = [...projects, ...projects].map((projectId) => [projectId, random.uuid()] as const);
  return {
    name: 'first networks',
    request: async (facade) => {
      await Promise.all(asked.map(([projectId, commandId]) => facade.takeNetwork(projectId, commandId)));
    },
  };
}

import { type FloatingIp, floatingPoolId, streamRef } from '@cairn/domain';

import type { Asked, Request } from './client';
import type { Frequency } from './moments';
import type { Random } from './random';

export const POOL = 'nova';

/** Few addresses, so that they come back soon. */
export const FLOATING_RANGE = {
  target: streamRef('floatingpool', floatingPoolId(POOL)),
  command: {
    type: 'AddFloatingRange',
    data: { poolId: floatingPoolId(POOL), name: POOL, first: '203.0.113.1', last: '203.0.113.3', interface: null },
  },
} as const;

/** Requests about floating addresses. */
export const FLOATINGS: Frequency = { share: 0.5, least: 8, most: 30 };

interface Known {
  readonly floating: readonly (readonly [string, FloatingIp])[];
  readonly servers: readonly string[];
  readonly projects: readonly string[];
}

/** What a tenant asks of floating addresses, without a look at what they lead to, or whether the server is still there. */
export function floatingRequest(random: Random, { floating, servers, projects }: Known): Asked {
  const commandId = random.uuid();
  const live = floating.filter(([, { life }]) => life === 'live').map(([id]) => id);
  const what =
    live.length === 0 || servers.length === 0
      ? 'allocate'
      : random.weighted({ allocate: 2, associate: 6, disassociate: 2, release: 1.5 });
  if (what === 'allocate') {
    const projectId = random.pick(projects);
    const request: Request = (facade) => facade.allocateFloatingIp(projectId, POOL, commandId);
    return { name: `allocate floating IP ${commandId.slice(0, 8)}`, request };
  }
  const id = random.pick(live);
  const server = random.pick(random.chance(0.6) ? servers.slice(-4) : servers);
  const requests: Readonly<Record<typeof what, Request>> = {
    associate: (facade) => facade.associateFloatingIp(id, server, commandId),
    disassociate: (facade) =>
      facade.send(streamRef('floatingip', id), { type: 'DisassociateFloatingIp', data: { holder: null } }, commandId),
    release: (facade) => facade.send(streamRef('floatingip', id), { type: 'ReleaseFloatingIp', data: {} }, commandId),
  };
  return { name: `${what} floating IP ${id.slice(0, 8)} ${server.slice(0, 8)}`, request: requests[what] };
}

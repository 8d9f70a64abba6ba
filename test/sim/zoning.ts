import { deriveId, HOST_AGGREGATES } from '@cairn/domain';

import type { Asked } from './client';
import type { Frequency } from './moments';
import type { Random } from './random';

/** The zone that hosts are enrolled in, and two that operators make. */
export const ZONES = ['nova', 'east', 'west'] as const;

interface Zoned {
  readonly hostId: string;
  readonly name: string;
}

/** Operators who group hosts. */
export const ZONINGS: Frequency = { share: 0.5, least: 8, most: 24 };

/** What an operator asks of host aggregates, one thing at a time: much of it meets aggregates that others have changed. */
export function zoning(random: Random, machines: readonly Zoned[]): Asked {
  const commandId = random.uuid();
  const number = random.int(1, 3);
  const { hostId, name } = random.pick(machines);
  const zone = random.pick(ZONES);
  const asked = {
    create: { type: 'CreateHostAggregate', data: { uuid: deriveId(commandId, 'uuid'), name: zone, zone } },
    add: { type: 'AddAggregateHost', data: { number, host: { hostId, name }, servers: 0 } },
    remove: { type: 'RemoveAggregateHost', data: { number, host: { hostId, name }, servers: 0 } },
    set: { type: 'SetHostAggregateMetadata', data: { number, metadata: { availability_zone: zone }, occupied: false } },
    delete: { type: 'DeleteHostAggregate', data: { number } },
  } as const;
  const what = random.weighted({ create: 3, add: 5, remove: 1, set: 1, delete: 0.5 });
  const command = asked[what];
  return {
    name: `${what} aggregate ${String(number)}`,
    request: (facade) => facade.send(HOST_AGGREGATES, command, commandId),
  };
}

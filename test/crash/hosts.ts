import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SimulatedHost } from '../../apps/agent/src/drivers/simulated';
import { readMachine } from '../../apps/agent/src/drivers/simulated/host-file';
import type { Cloud } from '../e2e/cloud';

/** A host as it is found on the machine, whatever log and API say. */
export interface FoundHost {
  readonly hostId: string;
  readonly name: string;
  readonly host: SimulatedHost;
}

/** The hosts of a cloud, `[id, name]` each. */
export const hostsOf = (cloud: Cloud): readonly (readonly [string, string])[] =>
  readFileSync(join(cloud.state, 'hosts'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);

export const simulatedHosts = (cloud: Cloud): Promise<readonly FoundHost[]> =>
  Promise.all(
    hostsOf(cloud).map(async ([hostId, name]) => ({
      hostId,
      name,
      host: await readMachine(join(cloud.state, 'agent', 'hosts', hostId, 'machine.jsonl')),
    })),
  );

import type { Controller } from '../../apps/agent/src/ports/controller.port';

import type { VirtualTime } from './clock';
import type { LogServer } from './log-server';
import type { Plan } from './plan';
import type { Incarnation } from './processes';
import type { QueueServer } from './queue-server';
import type { Random } from './random';
import type { Trace } from './trace';

/** What a machine or a controller finds around itself. */
export interface Surroundings {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly random: Random;
  readonly plan: Plan;
  readonly logServer: LogServer;
  readonly queue: QueueServer;
  /** A new life of a process. */
  process(name: string, onDeath: () => void): Incarnation;
  /** The controllers as a host meets them. */
  hostDoor(hostId: string): Controller;
  /** How long it takes until what died is started again, in milliseconds. */
  restartAfter(): number;
}

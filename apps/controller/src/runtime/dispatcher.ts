import { hostQueue, REDIS_PREFIX, type SentMessage } from '@cairn/host-protocol';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { GenerationalCache } from '@cairn/cache';

import type { HostQueue } from './ports';

/** How many hosts' queues to keep open. They share one connection. */
const OPEN_QUEUES = 1_000;

/**
 * Puts jobs into the hosts' queues: the only file of the controller that knows BullMQ. The effect's id is the job's id,
 * so that a job sent twice is one job. The queue keeps nothing of ended jobs, and decides no outcome.
 */
export class Dispatcher implements HostQueue {
  private readonly queues = new GenerationalCache<string, Queue>(OPEN_QUEUES);
  private readonly redis: Redis;

  /**
   * @param open makes a connection for this dispatcher alone. BullMQ defines commands on it before it sends the first; a
   * command that is defined later would end the process (docs/adr/0022). It fails fast: the process runner sends a lost
   * message again, as long as the effect is due.
   */
  constructor(open: () => Redis) {
    this.redis = open();
  }

  close(): void {
    this.redis.disconnect();
  }

  async add(hostId: string, id: string, message: SentMessage): Promise<void> {
    await this.queueOf(hostId).add(message.kind, message, { jobId: id });
  }

  private queueOf(hostId: string): Queue {
    const open = this.queues.get(hostId);
    if (open !== undefined) return open;
    const queue = new Queue(hostQueue(hostId), {
      connection: this.redis,
      prefix: REDIS_PREFIX,
      skipVersionCheck: true,
      defaultJobOptions: {
        removeOnComplete: true,
        removeOnFail: true,
        attempts: 1_000_000,
        backoff: { type: 'fixed', delay: 2_000 },
      },
    });
    queue.on('error', () => undefined); // the connection's errors are logged where it is made
    this.queues.set(hostId, queue);
    return queue;
  }
}

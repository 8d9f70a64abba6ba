import { hostQueue, REDIS_PREFIX, type SentMessage } from '@cairn/host-protocol';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

import { Lru } from './lru';
import type { HostQueue } from './ports';

/** How many hosts' queues are kept open; the connection is one and the same. */
const OPEN_QUEUES = 1_000;

/**
 * The only file of the controller that knows BullMQ. The job's id is the effect's id, so that asking twice is asking
 * once; nothing is kept of a job that ended: Redis decides no outcome (HOST.md).
 */
export class Dispatcher implements HostQueue {
  private readonly queues = new Lru<Queue>(OPEN_QUEUES);

  /** @param redis fails fast: what cannot be sent now is owed still, and tried again later. */
  constructor(private readonly redis: Redis) {}

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

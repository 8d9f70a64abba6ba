import { livenessKey, LIVENESS_INTERVAL_MS, LIVENESS_TTL_MS } from '@cairn/host-protocol';
import type Redis from 'ioredis';

import type { Clock } from './ports/clock.port';
import type { Log } from './ports/log.port';

export interface AliveHost {
  readonly hostId: string;
  readonly bootId: string;
}

/** Says for all hosts of this process, in one go, that they are alive. */
export class Liveness {
  private readonly stopped = new AbortController();
  private readonly hosts: AliveHost[] = [];
  private loop: Promise<void> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    // A Redis that comes back may have forgotten everybody.
    redis.on('ready', this.beatAll);
  }

  private readonly beatAll = (): void => {
    void this.beat(this.hosts);
  };

  /** From now on this host is alive; it is said to be so at once. */
  async add(host: AliveHost): Promise<void> {
    this.hosts.push(host);
    await this.beat([host]);
    this.loop ??= this.run();
  }

  /** The keys run out by themselves: a quick restart of the agent is no failure of the host. */
  async stop(): Promise<void> {
    this.redis.off('ready', this.beatAll);
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (;;) {
      await this.clock.sleep(LIVENESS_INTERVAL_MS, this.stopped.signal);
      if (this.stopped.signal.aborted) return;
      await this.beat(this.hosts);
    }
  }

  private async beat(hosts: readonly AliveHost[]): Promise<void> {
    // While Redis is away, beats would pile up in the connection's queue and all be sent when it is back.
    if (this.redis.status !== 'ready' || hosts.length === 0) return;
    const pipeline = this.redis.pipeline();
    for (const { hostId, bootId } of hosts) pipeline.set(livenessKey(hostId), bootId, 'PX', LIVENESS_TTL_MS);
    try {
      const failed = (await pipeline.exec())?.find(([error]) => error !== null);
      if (failed !== undefined) this.log.warn('liveness: refused', { error: failed[0] });
    } catch (error) {
      this.log.warn('liveness: not said', { error });
    }
  }
}

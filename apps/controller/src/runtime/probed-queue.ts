import type { SentMessage } from '@cairn/host-protocol';

import type { Clock, HostQueue } from './ports';

const PROBE_MS = 1_000;

/**
 * The hosts' queue, with a watch on its return. After a refused message it tests once a second whether the queue takes
 * writes again, also one that stayed connected all the time (Redis refuses writes while its disk is full).
 */
export class ProbedQueue implements HostQueue {
  private probing = false;

  constructor(
    private readonly inner: HostQueue,
    /** Writes something; rejects while the queue refuses writes. */
    private readonly probe: () => Promise<unknown>,
    private readonly clock: Clock,
    private readonly onBack: () => void,
  ) {}

  async add(hostId: string, id: string, message: SentMessage): Promise<void> {
    try {
      await this.inner.add(hostId, id, message);
    } catch (error) {
      void this.watch();
      throw error;
    }
  }

  private async watch(): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    do await this.clock.sleep(PROBE_MS);
    while (!(await this.takesWrites()));
    this.probing = false;
    this.onBack();
  }

  private takesWrites(): Promise<boolean> {
    return this.probe().then(
      () => true,
      () => false,
    );
  }
}

import { deriveId, type Host, type HostCommand, streamRef } from '@cairn/domain';

import type { Log } from '../log';
import type { HostRoster } from '../scheduler/scheduler';
import { systemContext } from './context';
import type { Clock, Executor, Liveness } from './ports';

const INTERVAL_MS = 5_000;
/** Longer than a key lives, so that one missed heartbeat is not silence. */
const SILENCE_MS = 20_000;
/** The grace period after a start of this controller or an outage of Redis. */
const GRACE_MS = 60_000;
/** If more than this share of the hosts is silent at once, the fault is the observer's. */
const MOST_AT_ONCE = 1 / 5;

/** Records when hosts go down and come up, with caution: a host that is down may still run its guests. */
export class LivenessMonitor {
  private readonly lastSeen = new Map<string, number>();
  private graceUntil = 0;
  private blind = false;
  private alarmed = false;

  constructor(
    private readonly roster: HostRoster,
    private readonly liveness: Liveness,
    private readonly executor: Executor,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    this.graceUntil = this.now() + GRACE_MS;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.blind = true;
        this.log.warn('liveness cannot be read; no host is declared down', { error });
      }
      await this.clock.sleep(INTERVAL_MS, signal);
    }
  }

  /** Checks all hosts once. */
  async look(): Promise<void> {
    const ids = await this.roster.hostIds();
    const alive = await this.liveness.alive(ids);
    const now = this.now();
    if (this.blind) this.graceUntil = now + GRACE_MS;
    this.blind = false;
    const hosts = await Promise.all(ids.map((id) => this.executor.state(streamRef('host', id))));
    for (const { hostId } of hosts) {
      if (alive.has(hostId) || !this.lastSeen.has(hostId)) this.lastSeen.set(hostId, now);
    }
    await Promise.all(
      hosts.map(async ({ hostId, up, bootId }) => {
        const seen = alive.get(hostId);
        if (seen !== undefined && !up && bootId === seen)
          await this.tell(hostId, { type: 'MarkHostUp', data: { bootId } });
      }),
    );
    const silent = hosts.filter(({ hostId, up }) => up && now - (this.lastSeen.get(hostId) ?? now) > SILENCE_MS);
    await this.declareDown(silent, hosts.length, now);
  }

  private async declareDown(silent: readonly Host[], total: number, now: number): Promise<void> {
    const tooMany = silent.length > Math.max(1, total * MOST_AT_ONCE);
    if (!tooMany) this.alarmed = false;
    if (silent.length === 0 || now < this.graceUntil) return;
    if (tooMany) {
      if (!this.alarmed)
        this.log.error('too many hosts fell silent at once: held, look at the network and at Redis', {
          silent: silent.length,
          total,
        });
      this.alarmed = true;
      return;
    }
    for (const { hostId } of silent) {
      const lastSeenAt = new Date(this.lastSeen.get(hostId) ?? now).toISOString();
      await this.tell(hostId, { type: 'MarkHostDown', data: { lastSeenAt } });
    }
  }

  private async tell(hostId: string, command: HostCommand): Promise<void> {
    const commandId = deriveId(hostId, command.type, this.clock.now());
    const cause = { eventId: '', correlationId: commandId, requestId: '' };
    await this.executor.execute(
      streamRef('host', hostId),
      command,
      systemContext('liveness', commandId, cause, this.clock, { unheard: true }),
    );
  }

  private now(): number {
    return Date.parse(this.clock.now());
  }
}

import { deriveId } from '@cairn/domain';
import { type AgentEvent, MOST_DIFFERENCES } from '@cairn/host-protocol';
import { KeyedMutex } from '@cairn/turns';

import { type HostWatchParts, lookRegularly } from './host-watch';
import { isoTime } from './ports/clock.port';
import type { Finding, HostNetwork } from './ports/host-network.port';

/** One report tells all that was mended within that time. */
const REPORT_EVERY_MS = 60_000;

export type Difference = Pick<Finding, 'topic' | 'name' | 'says'>;

export interface NetworkWatchParts extends Pick<
  HostWatchParts,
  'bootId' | 'hostId' | 'append' | 'clock' | 'log' | 'everyMs'
> {
  readonly network: Pick<HostNetwork, 'inspect' | 'mend'>;
  /** Told after each look that found something else than the one before. */
  readonly tell?: (state: NetworkState) => Promise<void>;
}

/** How the host's network is, for people. */
export interface NetworkState {
  /** How often something was made right since the agent started. */
  readonly mended: number;
  /** The last of it. */
  readonly last: { readonly at: string; readonly says: string } | null;
  /** What is wrong and could not be made right. */
  readonly left: readonly string[];
}

const keyOf = ({ topic, name }: Difference): string => `${topic} ${name}`;
const wrongOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ verdict }) => verdict === 'wrong');
const plain = ({ topic, name, says }: Difference): Difference => ({ topic, name, says });

/**
 * Keeps the host's network what the host was told: what somebody deletes or changes by hand is seen at the next look, made
 * right again, and reported, at most once a minute.
 */
export class NetworkWatch {
  private readonly pending = new Map<string, Difference>();
  private left: readonly Difference[] = [];
  /** What could not be mended by the last report. */
  private reportedLeft = '';
  private reportedAt = Number.NEGATIVE_INFINITY;
  private reports = 0;
  /** Whether the last report is not in the log yet. */
  private reporting = false;
  private mended = 0;
  private last: NetworkState['last'] = null;
  private told = '';
  private readonly turns = new KeyedMutex();

  constructor(private readonly parts: NetworkWatchParts) {}

  /** Looks every now and then until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await lookRegularly(this.parts, signal, () => this.lookSafely());
  }

  /** Something that somebody else has made right: it is in the next report. */
  note(difference: Difference): void {
    this.pending.set(keyOf(difference), plain(difference));
    this.mended += 1;
    this.last = { at: isoTime(this.parts.clock), says: difference.says };
    this.parts.log.warn('network: made right again', { ...plain(difference) });
  }

  private async lookSafely(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.parts.log.warn('network: the host could not be looked at; the next look comes', { error });
    }
  }

  /**
   * One look, which mends what it finds.
   * @returns all that is there, after that
   */
  look(): Promise<readonly Finding[]> {
    return this.turns.run('', () => this.lookOnce());
  }

  private async lookOnce(): Promise<readonly Finding[]> {
    const { network, log } = this.parts;
    let findings = await network.inspect();
    const wrong = wrongOf(findings);
    if (wrong.length > 0) {
      await network.mend().catch((error: unknown) => {
        log.error('network: it could not be mended', { error });
      });
      findings = await network.inspect();
    }
    this.left = wrongOf(findings).map(plain);
    const still = new Set(this.left.map(keyOf));
    for (const one of wrong) if (!still.has(keyOf(one))) this.note(one);
    this.report();
    await this.show();
    return findings;
  }

  /** Nothing waits for the log: the network is mended, and seen by the doctor, also while that cannot be reached. */
  private report(): void {
    const { bootId, hostId, append, clock, log } = this.parts;
    const left = this.left.map(keyOf).join('\n');
    if (this.pending.size === 0 && left === this.reportedLeft) return;
    if (this.reporting || clock.now() - this.reportedAt < REPORT_EVERY_MS) return;
    const mended = [...this.pending.values()];
    const told = { mended: mended.slice(0, MOST_DIFFERENCES), left: this.left.slice(0, MOST_DIFFERENCES) };
    const more = mended.length + this.left.length - told.mended.length - told.left.length;
    if (left !== '' && left !== this.reportedLeft)
      log.error('network: wrong, and cannot be mended', { left: this.left });
    const event: AgentEvent = {
      type: 'agent.network-differed.v1',
      data: { hostId, bootId, ...told, more },
    };
    this.pending.clear();
    this.reportedLeft = left;
    this.reportedAt = clock.now();
    this.reports += 1;
    this.reporting = true;
    void append(deriveId(bootId, 'network', this.reports), event)
      .catch((error: unknown) => {
        log.warn('network: what was mended could not be told', { error });
      })
      .finally(() => {
        this.reporting = false;
      });
  }

  private async show(): Promise<void> {
    const { mended, last } = this;
    const state: NetworkState = { mended, last, left: this.left.map(({ says }) => says) };
    const text = JSON.stringify(state);
    if (text === this.told) return;
    await this.parts.tell?.(state);
    this.told = text;
  }
}

import type { EventLog } from '../../log/event-log';
import { openSecurity } from '../../security/security';
import type { Advertised, AdvertisedMember } from '../../wire/gossip';
import { WireServer } from '../../wire/server';
import type { MakeCheckpoints } from '../../subscriptions/checkpoints';
import { ClusterModel } from './cluster-model';
import type { Release } from './filtered-feed';
import { MEASURED_PACE, type ElectionPace } from './model-node';
import { playing, type WriteTrouble } from './played-node';
import { checkpointsOf } from './release-checkpoints';
import { viewOf } from './stale-view';

/** Calls that EventStoreDB takes on one connection; the next one waits in silence. */
const MOST_CALLS = 100;
const MAX_APPEND_SIZE = 1024 * 1024;
const HOST = '127.0.0.1';

export interface ClusterOptions {
  readonly size?: number;
  readonly pace?: ElectionPace;
  /** Whose checkpoints are announced. */
  readonly release?: Release;
}

/**
 * Several servers in this process that play the nodes of one cluster over one log, for tests of clients. How the nodes are is
 * up to the test, by {@link model}; a node that ends there stops listening, with all its connections.
 */
export class EmbeddedCluster {
  readonly model: ClusterModel;
  private readonly servers: (WireServer | undefined)[] = [];
  private readonly ports: number[] = [];
  private readonly troubles: WriteTrouble[] = [];
  private readonly mute = new Set<number>();
  private readonly checkpoints: MakeCheckpoints;

  private constructor(
    private readonly log: EventLog,
    { size = 3, pace = MEASURED_PACE, release = '24.10' }: ClusterOptions,
  ) {
    this.checkpoints = checkpointsOf(release);
    const time = { after: (ms: number, work: () => void) => setTimeout(work, ms).unref() };
    this.model = new ClusterModel(size, time, () => log.lastPosition, pace);
  }

  static async start(log: EventLog, options: ClusterOptions = {}): Promise<EmbeddedCluster> {
    const cluster = new EmbeddedCluster(log, options);
    for (const node of cluster.model.numbers) await cluster.serve(node);
    return cluster;
  }

  addressOf(node: number): string {
    return `${HOST}:${String(this.ports[node])}`;
  }

  /** What becomes of the next writes, to any of the nodes. */
  troubleWrites(...troubles: readonly WriteTrouble[]): void {
    this.troubles.push(...troubles);
  }

  /** That node answers no reads that begin now. */
  silence(node: number): void {
    this.mute.add(node);
  }

  /** Ends a node as a crash does. */
  kill(node: number): void {
    this.servers[node]?.kill();
    this.servers[node] = undefined;
    this.model.kill(node);
  }

  /** Starts a node again where it was. */
  async restart(node: number): Promise<void> {
    await this.serve(node);
    this.model.start(node);
  }

  stop(): void {
    for (const server of this.servers) server?.kill();
  }

  private async serve(node: number): Promise<void> {
    const { model, log } = this;
    const stage = {
      model,
      addressOf: (other: number) => this.advertised(other),
      trouble: () => this.troubles.shift(),
      isMute: (other: number) => this.mute.has(other),
      lose: (other: number) => {
        this.kill(other);
      },
    };
    const server = new WireServer({
      log: viewOf(log, model, node),
      security: openSecurity(log),
      hosts: [HOST],
      port: this.ports[node] ?? 0,
      maxAppendSize: MAX_APPEND_SIZE,
      plays: {
        interceptor: playing(node, stage),
        members: () => this.membersBy(node),
        mostCalls: MOST_CALLS,
        checkpoints: this.checkpoints,
      },
    });
    this.servers[node] = server;
    this.ports[node] = await server.listen();
  }

  private advertised(node: number): Advertised {
    return { host: HOST, port: this.ports[node] ?? 0 };
  }

  private membersBy(node: number): readonly AdvertisedMember[] {
    return this.model.seenBy(node).map((seen, other) => ({ ...this.advertised(other), ...seen }));
  }
}

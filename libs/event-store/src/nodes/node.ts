import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { connectivityState, status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { OutcomeUnknown, StoreUnready } from '../port';
import { BatchAppends, NoAnswer } from './batch-appends';
import type { Connection } from './connection';
import { membersIn, type Member } from './gossip';
import { Lanes, openLane, type Lane } from './lanes';
import { watched } from './watched';

/** Statuses that say that nobody answered; with any other one, somebody did. */
const NOBODY: readonly unknown[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED];

export interface Reading {
  /** The node refuses unless it leads. */
  readonly fromLeader: boolean;
  /** Milliseconds within which each message must come; undefined for a subscription. */
  readonly idleMs?: number;
  /** Ends it, with the signal's reason for an error. */
  readonly until?: AbortSignal;
}

/** The connections to one node: one for appends and questions about the cluster, others for reads. */
export class Node {
  private readonly main: Lane;
  private readonly appends: BatchAppends;
  private readonly lanes: Lanes;
  private readonly over = new AbortController();

  constructor(
    readonly address: string,
    private readonly connection: Connection,
  ) {
    this.main = openLane(address, connection);
    this.appends = new BatchAppends(this.main.streams, connection.metadata);
    this.lanes = new Lanes(() => openLane(address, connection));
  }

  /** Connections that are open for reads, and the calls on them. */
  get reads(): { readonly connections: number; readonly calls: number } {
    return this.lanes.count;
  }

  /**
   * @param patience milliseconds to wait for the connection, and then for the answer
   * @throws StoreUnready when nothing was sent; anything else after that
   */
  async append(
    request: BatchAppendReq,
    patience: { readonly connectMs: number; readonly answerMs: number },
  ): Promise<BatchAppendResp> {
    await this.connected(patience.connectMs);
    try {
      return await this.appends.send(request, patience.answerMs);
    } catch (error) {
      // a call on which one append is not answered may answer none: the next one is sent by another
      if (error instanceof NoAnswer) this.appends.end(error);
      throw error;
    }
  }

  async *read(request: ReadReq, { fromLeader, idleMs, until }: Reading): AsyncGenerator<ReadResp> {
    const ends = until === undefined ? [this.over.signal] : [this.over.signal, until];
    this.over.signal.throwIfAborted();
    const lane = this.lanes.take();
    try {
      yield* watched(lane.streams.read(request, this.metadata(fromLeader)), idleMs, ends);
    } finally {
      this.lanes.release(lane);
    }
  }

  /**
   * The cluster as this node sees it; undefined where it answers, but does not say.
   * @throws the call's error when nobody answers within that many milliseconds
   */
  gossip(patienceMs: number): Promise<readonly Member[] | undefined> {
    const deadline = Date.now() + patienceMs;
    return new Promise((resolve, reject) => {
      this.main.gossip.read(new Empty(), this.connection.metadata, { deadline }, (error: ServiceError | null, info) => {
        if (error === null) resolve(membersIn(info));
        else if (NOBODY.includes(error.code)) reject(error);
        else resolve(undefined);
      });
    });
  }

  /** Ends everything that runs on it: appends with an unknown outcome, reads and subscriptions with an error. */
  close(why: string): void {
    if (this.over.signal.aborted) return;
    const left = new OutcomeUnknown(`${this.address}: ${why}`);
    this.over.abort(left);
    this.appends.end(left);
    this.lanes.close();
    this.main.channel.close();
  }

  private async connected(patienceMs: number): Promise<void> {
    const { channel } = this.main;
    const deadline = Date.now() + patienceMs;
    while (!this.over.signal.aborted) {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) return;
      const changed = await new Promise<boolean>((resolve) => {
        channel.watchConnectivityState(state, deadline, (late?: Error) => {
          resolve(late === undefined);
        });
      });
      if (!changed) break;
    }
    throw new StoreUnready(`${this.address}: not connected`);
  }

  private metadata(fromLeader: boolean): Metadata {
    if (!fromLeader) return this.connection.metadata;
    const metadata = this.connection.metadata.clone();
    metadata.set('requires-leader', 'true');
    return metadata;
  }
}

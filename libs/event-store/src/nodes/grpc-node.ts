import { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { connectivityState, status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { type AppendResult, type LogMessage, OutcomeUnknown, StoreRefused, StoreUnready } from '../port';
import { appendRequest } from './append-request';
import { BatchAppends, NoAnswer } from './batch-appends';
import type { Connection } from './connection';
import { refusalOf } from './failures';
import { membersIn, type Member } from './gossip';
import { openLane, type GrpcLane } from './grpc-lane';
import { Lanes } from './lanes';
import type { AppendPatience, Network, Node, ReadCount, Reading, Wanted, Write } from './node';
import { readRequest } from './read-request';
import { messageIn } from './recorded';
import { watched } from './watched';

/** Statuses that say that nobody answered; with any other one, somebody did. */
const NOBODY: readonly unknown[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED];

/** The nodes that a connection string names, and those that they name. */
export function networkOf(connection: Connection): Network {
  const { seeds, alone } = connection;
  return { seeds, alone, open: (address) => new GrpcNode(address, connection) };
}

/** The connections to one node: one for appends and questions about the cluster, others for reads. */
export class GrpcNode implements Node {
  private readonly main: GrpcLane;
  private readonly appends: BatchAppends;
  private readonly lanes: Lanes<GrpcLane>;
  private readonly over = new AbortController();
  private connecting: Promise<void> | undefined;

  constructor(
    readonly address: string,
    private readonly connection: Connection,
  ) {
    this.main = openLane(address, connection);
    this.appends = new BatchAppends(this.main.streams, connection.metadata);
    this.lanes = new Lanes(() => openLane(address, connection));
  }

  get reads(): ReadCount {
    return this.lanes.count;
  }

  async append(write: Write, { connectMs, answerMs, lateMs }: AppendPatience): Promise<AppendResult> {
    const request = appendRequest(write, lateMs);
    await this.connected(connectMs);
    const answer = await this.answerTo(request, answerMs);
    const success = answer.getSuccess();
    if (success === undefined) throw refusalOf(write, answer);
    const position = success.getPosition();
    if (position === undefined) throw new StoreRefused(`append to ${write.stream}: answered without a position`);
    return { revision: BigInt(success.getCurrentRevision()), position: BigInt(position.getCommitPosition()) };
  }

  async *read(wanted: Wanted, { fromLeader, idleMs, until }: Reading): AsyncGenerator<LogMessage> {
    const ends = until === undefined ? [this.over.signal] : [this.over.signal, until];
    this.over.signal.throwIfAborted();
    const lane = this.lanes.take();
    try {
      const call = lane.streams.read(readRequest(wanted), this.metadata(fromLeader));
      for await (const answer of watched(call, idleMs, ends)) {
        const message = messageIn(answer);
        if (message !== undefined) yield message;
      }
    } finally {
      this.lanes.release(lane);
    }
  }

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

  close(why: string): void {
    if (this.over.signal.aborted) return;
    const left = new OutcomeUnknown(`${this.address}: ${why}`);
    this.over.abort(left);
    this.appends.end(left);
    this.lanes.close();
    this.main.close();
  }

  private async answerTo(request: BatchAppendReq, patienceMs: number): Promise<BatchAppendResp> {
    try {
      return await this.appends.send(request, patienceMs);
    } catch (error) {
      // a call on which one append is not answered may answer none: the next one is sent by another
      if (error instanceof NoAnswer) this.appends.end(error);
      throw error;
    }
  }

  /** All who wait go on in the order in which they came: appends are sent as they were asked for. */
  private async connected(patienceMs: number): Promise<void> {
    const isReady = this.main.channel.getConnectivityState(true) === connectivityState.READY;
    if (isReady && this.connecting === undefined && !this.over.signal.aborted) return;
    this.connecting ??= this.connect(patienceMs).finally(() => (this.connecting = undefined));
    await this.connecting;
  }

  private async connect(patienceMs: number): Promise<void> {
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

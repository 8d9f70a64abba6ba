import { setTimeout as sleep } from 'node:timers/promises';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { AllStreamPosition, Empty, StreamIdentifier, Timeout, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Code } from '@eventstore/db-client/generated/code_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  type BatchAppendReq,
  BatchAppendResp,
  type ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerDuplexStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import type { Member } from '../gossip';

/** How a node treats appends; `reset`: it writes, and the connection's call ends before the answer. */
export type Writes = 'takes' | 'not ready' | 'time-out' | 'reset' | 'silent';
/** How a node treats reads. */
export type Reads = 'answers' | 'not leader' | 'silent';

/** The events of a log that all nodes of a cluster share: ids, and the nodes that took them. */
export interface FakeLog {
  readonly taken: { readonly id: string; readonly by: string }[];
}

const STATES = {
  leader: MemberInfo.VNodeState.LEADER,
  follower: MemberInfo.VNodeState.FOLLOWER,
  other: MemberInfo.VNodeState.UNKNOWN,
} as const;

/**
 * One node of a cluster: the protocol as an EventStoreDB speaks it, with what a test says in place of a log. A node that
 * is stopped has ended; one that is paused takes connections and answers nothing.
 */
export class FakeNode {
  members: readonly Member[] = [];
  writes: Writes = 'takes';
  reads: Reads = 'answers';
  paused = false;
  /** Milliseconds that it takes to say how the cluster is. */
  gossipMs = 0;
  /** Subscriptions and reads that run. */
  readonly running = new Set<ServerWritableStream<ReadReq, ReadResp>>();
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly log: FakeLog) {}

  get address(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_concurrent_streams': 100 });
    server.addService(GossipService, {
      read: (_: unknown, answer: (error: null, info: ClusterInfo) => void) => {
        if (this.paused) return;
        setTimeout(() => {
          answer(null, this.info());
        }, this.gossipMs);
      },
    });
    server.addService(StreamsService, {
      batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => {
        call.on('data', (request: BatchAppendReq) => {
          this.append(call, request);
        });
        call.on('end', () => {
          call.end();
        });
      },
      read: (call: ServerWritableStream<ReadReq, ReadResp>) => {
        this.read(call);
      },
      append: unserved,
      delete: unserved,
      tombstone: unserved,
    });
    this.port = await new Promise((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${String(this.port)}`, ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    this.server = server;
  }

  /** Ends at once, with all connections; it may be started again at the same address. */
  async stop(): Promise<void> {
    this.server?.forceShutdown();
    this.server = undefined;
    this.running.clear();
    await sleep(20); // until the port is free
  }

  private info(): ClusterInfo {
    return new ClusterInfo().setMembersList(
      this.members.map(({ address, role, alive }) => {
        const [host = '', port = ''] = address.split(':');
        const place = new EndPoint().setAddress(host).setPort(Number(port));
        return new MemberInfo().setHttpEndPoint(place).setState(STATES[role]).setIsAlive(alive);
      }),
    );
  }

  private append(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>, request: BatchAppendReq): void {
    if (this.paused || this.writes === 'silent') return;
    const answer = new BatchAppendResp().setCorrelationId(request.getCorrelationId());
    if (this.writes === 'not ready') {
      call.write(answer.setError(refusal(Code.OK, 'Server Is Not Ready', new Empty(), 'google.protobuf.Empty')));
      return;
    }
    for (const event of request.getProposedMessagesList())
      this.log.taken.push({ id: event.getId()?.getString() ?? '', by: this.address });
    if (this.writes === 'reset') call.destroy(broken());
    else if (this.writes === 'time-out') {
      call.write(
        answer.setError(refusal(Code.DEADLINE_EXCEEDED, 'Timeout', new Timeout(), 'event_store.client.Timeout')),
      );
    } else {
      const place = String(this.log.taken.length);
      const position = new AllStreamPosition().setCommitPosition(place).setPreparePosition(place);
      call.write(answer.setSuccess(new BatchAppendResp.Success().setCurrentRevision('0').setPosition(position)));
    }
  }

  private read(call: ServerWritableStream<ReadReq, ReadResp>): void {
    this.running.add(call);
    call.on('cancelled', () => this.running.delete(call));
    if (this.paused || this.reads === 'silent') return;
    const wantsLeader = call.metadata.get('requires-leader').length > 0;
    if (wantsLeader && this.reads === 'not leader') {
      call.emit('error', notLeader());
      return;
    }
    const follows = call.request.getOptions()?.hasSubscription() === true;
    if (follows) call.write(new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation()));
    for (const [i, { id }] of this.log.taken.entries()) call.write(new ReadResp().setEvent(eventOf(id, i)));
    if (follows) call.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
    else call.end();
  }
}

function eventOf(id: string, place: number): ReadResp.ReadEvent {
  const event = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(id))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from('s')))
    .setStreamRevision(String(place))
    .setCommitPosition(String(place + 1))
    .setPreparePosition(String(place + 1))
    .setData(Buffer.from('{}'));
  event.getMetadataMap().set('type', 'tested').set('content-type', 'application/json').set('created', '0');
  return new ReadResp.ReadEvent().setEvent(event);
}

function refusal(code: Code, message: string, details: { serializeBinary(): Uint8Array }, type: string): Status {
  const any = new Any();
  any.pack(details.serializeBinary(), type);
  return new Status().setCode(code).setMessage(message).setDetails(any);
}

function broken(): Error {
  return Object.assign(new Error('reset'), { code: status.UNAVAILABLE, details: 'read ECONNRESET' });
}

function notLeader(): Error {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  return Object.assign(new Error('not leader'), { code: status.NOT_FOUND, details: 'Leader info available', metadata });
}

function unserved(): void {
  // nothing of Cairn asks for it
}

import { Metadata, ServerInterceptingCall, status, type ServerInterceptor, type StatusObject } from '@grpc/grpc-js';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { BatchRequest } from '../../wire/batch-request';
import { encodeBatchError, encodeBatchNotReady } from '../../wire/batch-response';
import type { Advertised } from '../../wire/gossip';
import { streamNameOf } from '../../wire/proposal';
import type { ClusterModel } from './cluster-model';

/**
 * What becomes of one write beside what the cluster's state says: its time for being committed runs out, though it is
 * written; its connection is reset before or behind it; it is never answered; or the leader is lost behind it.
 */
export type WriteTrouble = 'time-out' | 'reset' | 'reset-after' | 'silent' | 'leader-lost';

/** What all nodes of a played cluster have in common. */
export interface Stage {
  readonly model: ClusterModel;
  addressOf(node: number): Advertised;
  /** The trouble of the next write, if it has one. */
  trouble(): WriteTrouble | undefined;
  /** Whether a node answers no reads. */
  isMute(node: number): boolean;
  lose(node: number): void;
}

/** How long a node tries to bring a write to enough others. */
const WRITE_TIMEOUT_MS = 2_000;
const STREAMS = '/event_store.client.streams.Streams/';

/** Lets a server answer as that node of a cluster would, to the calls that get to it. */
export function playing(node: number, stage: Stage): ServerInterceptor {
  return (method, call) => new PlayedCall(call, method.path.slice(STREAMS.length), { node, stage });
}

class PlayedCall extends ServerInterceptingCall {
  private client = '';
  private wantsLeader = false;
  private over = false;
  private outbound: Promise<void> = Promise.resolve();
  /** The trouble of the write whose answer is awaited. */
  private troubled: WriteTrouble | undefined;

  constructor(
    private readonly below: ServerInterceptingCallInterface,
    private readonly method: string,
    private readonly part: { readonly node: number; readonly stage: Stage },
  ) {
    super(below, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, deliver) => {
            this.client = String(metadata.get('connection-name')[0] ?? '');
            this.wantsLeader = metadata.get('requires-leader').length > 0;
            deliver(metadata);
          },
          onReceiveMessage: (message: unknown, deliver) => {
            void this.passage().then(() => {
              if (this.method === 'BatchAppend') this.write(message as BatchRequest, deliver);
              else if (this.method !== 'Read' || this.mayRead()) deliver(message);
            });
          },
        });
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.outbound = this.outbound.then(async () => {
      await this.passage();
      if (this.over) return;
      const { troubled } = this;
      this.troubled = undefined;
      if (troubled === undefined) super.sendMessage(message, callback);
      else if (troubled === 'reset-after') this.end(BROKEN);
      else callback();
    });
  }

  override sendStatus(how: Parameters<ServerInterceptingCall['sendStatus']>[0]): void {
    this.outbound = this.outbound.then(async () => {
      await this.passage();
      if (!this.over) super.sendStatus(how);
    });
  }

  /** Resolves when this node and the client reach each other. */
  private passage(): Promise<void> {
    const { node, stage } = this.part;
    if (stage.model.isOpen(this.client, node)) return Promise.resolve();
    return new Promise((resolve) => {
      const end = stage.model.onChange(() => {
        if (!stage.model.isOpen(this.client, node)) return;
        end();
        resolve();
      });
    });
  }

  private mayRead(): boolean {
    const { node, stage } = this.part;
    const { model } = stage;
    if (stage.isMute(node)) return false;
    const leader = model.leaderOf(node);
    if (!model.isReady(node)) this.end(NOT_READY);
    else if (this.wantsLeader && leader !== node)
      this.end(leader === undefined ? NOT_READY : notLeader(stage.addressOf(leader)));
    return !this.over;
  }

  private write(request: BatchRequest, deliver: (message: unknown) => void): void {
    const { node, stage } = this.part;
    const { model } = stage;
    const trouble = stage.trouble();
    const go = (): void => {
      deliver(request);
    };
    const timeOut = (): void => {
      setTimeout(() => {
        this.answer(encodeBatchError(targetOf(request), { kind: 'timeout' }));
      }, WRITE_TIMEOUT_MS).unref();
    };
    if (trouble !== undefined) {
      this.trouble(trouble, go, timeOut);
      return;
    }
    switch (model.fateAt(node)) {
      case 'committed':
        go();
        return;
      case 'not-ready':
        this.answer(encodeBatchNotReady(targetOf(request)));
        break;
      case 'kept':
        model.keep(node, go);
        timeOut();
        break;
      case 'gone':
        timeOut();
    }
    this.startRead(); // of the next one: nobody was given this one
  }

  private trouble(trouble: WriteTrouble, go: () => void, timeOut: () => void): void {
    const { node, stage } = this.part;
    const leader = stage.model.leaderOf(node) ?? node;
    if (trouble === 'reset') {
      this.end(BROKEN);
      return;
    }
    if (trouble !== 'silent') this.troubled = trouble;
    if (trouble === 'time-out') timeOut();
    if (trouble === 'leader-lost')
      setTimeout(() => {
        stage.lose(leader);
      }, LOSS_MS).unref();
    if (trouble === 'silent') this.startRead();
    else go();
  }

  private answer(message: Buffer): void {
    if (!this.over) super.sendMessage(message, () => undefined);
  }

  private end(how: StatusObject): void {
    this.over = true;
    this.below.sendStatus(how);
  }
}

/** Until a leader is lost that was given a write: time enough to commit it. */
const LOSS_MS = 100;

const refusal = (code: status, details: string): StatusObject => ({ code, details, metadata: new Metadata() });
const BROKEN = refusal(status.UNAVAILABLE, 'read ECONNRESET');
const NOT_READY = refusal(status.UNAVAILABLE, 'Server Is Not Ready');

function notLeader({ host, port }: Advertised): StatusObject {
  const refused = refusal(status.NOT_FOUND, 'Leader info available');
  refused.metadata.set('exception', 'not-leader');
  refused.metadata.set('leader-endpoint-host', host);
  refused.metadata.set('leader-endpoint-port', String(port));
  return refused;
}

function targetOf({ correlationId = Buffer.alloc(0), options }: BatchRequest): Parameters<typeof encodeBatchError>[0] {
  return { correlationId, stream: streamNameOf(options?.stream) ?? '', expected: 'any', revision: undefined };
}

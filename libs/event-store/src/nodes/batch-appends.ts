import { randomUUID } from 'node:crypto';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { textOf, uuidOf } from './uuids';

interface Waiting {
  readonly resolve: (answer: BatchAppendResp) => void;
  readonly reject: (error: unknown) => void;
}

/** The node has been silent for longer than it takes to answer. */
export class NoAnswer extends Error {}

/** Appends over one call that stays open; each is answered by the id that it was sent with. */
export class BatchAppends {
  private call: ClientDuplexStream<BatchAppendReq, BatchAppendResp> | undefined;
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly client: StreamsClient,
    private readonly metadata: Metadata,
  ) {}

  /**
   * Sends it at once.
   * @throws NoAnswer after that many milliseconds; what the call failed with, when it ends before the answer. In both
   * cases it is not known whether the events were written.
   */
  async send(request: BatchAppendReq, patienceMs: number): Promise<BatchAppendResp> {
    const id = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<BatchAppendResp>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        timer = setTimeout(() => {
          reject(new NoAnswer('no answer'));
        }, patienceMs);
        this.opened().write(request.setCorrelationId(uuidOf(id)));
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  /** Ends the call: what is under way is rejected with that error. */
  end(error: Error): void {
    const { call } = this;
    this.failed(call, error);
    call?.cancel();
  }

  private opened(): ClientDuplexStream<BatchAppendReq, BatchAppendResp> {
    if (this.call !== undefined) return this.call;
    const call = this.client.batchAppend(this.metadata);
    this.call = call;
    call.on('data', (answer: BatchAppendResp) => {
      this.waiting.get(textOf(answer.getCorrelationId()))?.resolve(answer);
    });
    call.on('error', (error: unknown) => {
      this.failed(call, error);
    });
    call.on('end', () => {
      this.failed(call, new Error('the node ended the call'));
    });
    return call;
  }

  /** All that waits was sent by the call that is open; an older one has nobody left. */
  private failed(call: BatchAppends['call'], error: unknown): void {
    if (call === undefined || call !== this.call) return;
    this.call = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

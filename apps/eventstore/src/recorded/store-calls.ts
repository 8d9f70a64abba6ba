import {
  Metadata,
  credentials,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import * as messages from '@eventstore/db-client/generated/streams_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { Args } from './conversation';
import type { Requests } from './requests';

const DEADLINE_MS = 15_000;

type Batch = ClientDuplexStream<messages.BatchAppendReq, messages.BatchAppendResp>;

/** The methods of the streams service, by the bare stubs: what a client library would not let one send can be sent. */
export class StoreCalls {
  private readonly client: StreamsClient;
  private batchCall: Batch | undefined;
  /** By correlation id. */
  private readonly waiting = new Map<string, (response: messages.BatchAppendResp | undefined) => void>();

  /** @param address host and port of a server without TLS */
  constructor(address: string) {
    this.client = new StreamsClient(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  close(): void {
    this.batchCall?.cancel();
    this.client.close();
  }

  /** One append; resolves to its answer, or to nothing when there is none in time or the call ended. */
  async batch(
    requests: readonly messages.BatchAppendReq[],
    patienceMs = DEADLINE_MS,
  ): Promise<readonly messages.BatchAppendResp[]> {
    const call = this.batchCall ?? this.openBatch();
    const key = keyOf(requests[0]?.getCorrelationId());
    const response = await new Promise<messages.BatchAppendResp | undefined>((resolve) => {
      const timer = setTimeout(() => {
        resolve(undefined);
      }, patienceMs);
      this.waiting.set(key, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      for (const request of requests) call.write(request);
    });
    this.waiting.delete(key);
    return response === undefined ? [] : [response];
  }

  private openBatch(): Batch {
    const call = this.client.batchAppend();
    const end = (): void => {
      if (this.batchCall !== call) return;
      this.batchCall = undefined;
      for (const settle of this.waiting.values()) settle(undefined);
    };
    call.on('data', (response: messages.BatchAppendResp) => {
      this.waiting.get(keyOf(response.getCorrelationId()))?.(response);
    });
    call.on('error', end);
    call.on('end', end);
    this.batchCall = call;
    return call;
  }

  append(args: Args, requests: Requests): Promise<messages.AppendResp | ServiceError> {
    return new Promise((resolve) => {
      const call = this.client.append(new Metadata(), deadline(), (error, response) => {
        resolve(error ?? response);
      });
      call.on('error', () => undefined);
      const options = requests.writeOptions(new messages.AppendReq.Options(), args);
      if (!args.omit.includes('options')) call.write(new messages.AppendReq().setOptions(options));
      for (const event of args.events) {
        const message = requests.proposed(event, new messages.AppendReq.ProposedMessage());
        call.write(new messages.AppendReq().setProposedMessage(message));
      }
      call.end();
    });
  }

  remove(
    kind: 'delete' | 'tombstone',
    args: Args,
    requests: Requests,
  ): Promise<messages.DeleteResp | messages.TombstoneResp | ServiceError> {
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, response: messages.DeleteResp | messages.TombstoneResp): void => {
        resolve(error ?? response);
      };
      const { DeleteReq, TombstoneReq } = messages;
      if (kind === 'delete') {
        const options = requests.writeOptions(new DeleteReq.Options(), args);
        this.client.delete(new DeleteReq().setOptions(options), new Metadata(), deadline(), done);
      } else {
        const options = requests.writeOptions(new TombstoneReq.Options(), args);
        this.client.tombstone(new TombstoneReq().setOptions(options), new Metadata(), deadline(), done);
      }
    });
  }

  /** A read that ends, with all that it says. */
  read(
    request: messages.ReadReq,
    patienceMs: number,
  ): Promise<{ readonly responses: readonly messages.ReadResp[]; readonly error: ServiceError | undefined }> {
    const responses: messages.ReadResp[] = [];
    return new Promise((resolve) => {
      const call = this.client.read(request, new Metadata(), deadline(patienceMs));
      call.on('data', (response: messages.ReadResp) => responses.push(response));
      call.on('error', (error: ServiceError) => {
        resolve({ responses, error });
      });
      call.on('end', () => {
        resolve({ responses, error: undefined });
      });
    });
  }

  follow(request: messages.ReadReq): ClientReadableStream<messages.ReadResp> {
    return this.client.read(request);
  }
}

function deadline(ms = DEADLINE_MS): { readonly deadline: Date } {
  return { deadline: new Date(Date.now() + ms) };
}

/** An id in one form: EventStoreDB names an append that timed out by numbers, also where its client said text. */
function keyOf(id: UUID | undefined): string {
  const halves = id?.getStructured();
  if (halves === undefined) return (id?.getString() ?? '').replaceAll('-', '');
  const hex = (half: string): string => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0');
  return hex(halves.getMostSignificantBits()) + hex(halves.getLeastSignificantBits());
}

import { constants, type ServerHttp2Stream } from 'node:http2';
import {
  Metadata,
  ServerInterceptingCall,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { type Arriving, Unfinished } from '@cairn/edge';
import { answerBehindBody } from './behind-body';
import { isUnsayable } from './errors';
import { MessageBoundary } from './message-boundary';

/** Of all clients together. */
const MOST_BYTES = 128 * 1024 * 1024;
/** From a message's first byte to its last. */
const PATIENCE_MS = 30_000;

const CROWDED = 'too much is on its way to this server: a message that was not whole yet is given up';
/**
 * What has arrived of messages that are not whole yet: grpc-js keeps it until they are, for as long as it takes. Here it
 * is bounded for all clients together and in time. When there is too much, the message that began first is given up:
 * honest ones are whole within moments.
 */
export class PartialMessages {
  private readonly halves: Unfinished;

  constructor(mostBytes = MOST_BYTES, patienceMs = PATIENCE_MS) {
    this.halves = new Unfinished(mostBytes, patienceMs);
  }

  /** Memory that is kept. */
  get heldBytes(): number {
    return this.halves.heldBytes;
  }

  /** Must be the first of a server's interceptors: only that one is given the call that has the stream (grpc-js, pinned). */
  readonly interceptor: ServerInterceptor = (_method, call) => {
    const { stream } = call as unknown as { readonly stream: ServerHttp2Stream };
    const forget = this.watch(stream, (why) => {
      answerAtOnce();
      refuse(call, stream, why);
    });
    const answerAtOnce = answerBehindBody(stream, forget);
    letGoOfRest(stream);
    return new ServerInterceptingCall(call, {
      sendStatus: (ending, next) => {
        if (isUnsayable(ending.metadata)) failToSay(stream);
        else next(ending);
      },
    });
  };

  /** Takes note of what a stream brings. @returns the function after which nothing of it is kept any more */
  watch(stream: Pick<ServerHttp2Stream, 'on'>, giveUp: (why: string) => void): () => void {
    const boundary = new MessageBoundary();
    let half: { readonly arriving: Arriving; bytes: number } | undefined;
    let over = false;
    const end = (): void => {
      half?.arriving.end();
      half = undefined;
    };
    const endAll = (): void => {
      over = true;
      end();
    };
    const begin = (): Arriving =>
      this.halves.begin((why) => {
        endAll();
        giveUp(why === 'late' ? `a message took longer than ${String(this.halves.patienceMs)} ms to arrive` : CROWDED);
      });
    stream.on('data', (piece: Buffer) => {
      if (over) return;
      const { bytes, isSame } = boundary.take(piece);
      if (!isSame) end();
      if (bytes === 0) return;
      half ??= { arriving: begin(), bytes: 0 };
      const { arriving, bytes: before } = half;
      half.bytes = bytes;
      arriving.grow(bytes - before);
    });
    stream.on('close', endAll);
    return endAll;
  }
}

/** Ends a call as EventStoreDB does whose trailers it cannot say. */
function failToSay(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  const isAnswered = stream.headersSent;
  if (!isAnswered) stream.respond({ ':status': 500 }, { endStream: true });
  stream.close(isAnswered ? constants.NGHTTP2_INTERNAL_ERROR : constants.NGHTTP2_NO_ERROR);
}

/**
 * A call that was refused lets go of what its client has not sent yet: some wait for ever to send the rest. A status behind
 * an answer stands in trailers, which a reset would overtake, so those calls end by themselves. A call that its client has
 * given up finishes, too, and has no headers if nothing was answered.
 */
function letGoOfRest(stream: ServerHttp2Stream): void {
  stream.once('finish', () => {
    if (stream.headersSent && stream.sentHeaders['grpc-status'] !== undefined) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

/** Answers at once, and lets go of what has arrived also if the client goes on sending: it is memory that others need. */
function refuse(call: ServerInterceptingCallInterface, stream: ServerHttp2Stream, why: string): void {
  call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: why, metadata: new Metadata() });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

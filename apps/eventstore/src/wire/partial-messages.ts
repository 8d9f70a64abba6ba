import { constants, type ServerHttp2Stream } from 'node:http2';
import {
  Metadata,
  ServerInterceptingCall,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { MessageBoundary } from './message-boundary';

/** Of all clients together. */
const MOST_BYTES = 128 * 1024 * 1024;
/** From a message's first byte to its last. */
const PATIENCE_MS = 30_000;
/** What a piece costs besides its bytes, so that very small ones are not free. */
const PIECE_BYTES = 256;

/** A message that has begun to arrive. */
interface Half {
  /** Bytes that have arrived. */
  bytes: number;
  /** Memory that they take. */
  held: number;
  readonly giveUp: (why: string) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * What has arrived of messages that are not whole yet: grpc-js keeps it until they are, for as long as it takes. Here it
 * is bounded for all clients together and in time. When there is too much, the message that began first is given up:
 * honest ones are whole within moments.
 */
export class PartialMessages {
  /** In the order in which they began. */
  private readonly halves = new Set<Half>();
  private used = 0;

  constructor(
    private readonly mostBytes = MOST_BYTES,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Memory that is kept. */
  get heldBytes(): number {
    return this.used;
  }

  /** Must be the first of a server's interceptors: only that one is given the call that has the stream (grpc-js, pinned). */
  readonly interceptor: ServerInterceptor = (_method, call) => {
    const { stream } = call as unknown as { readonly stream: ServerHttp2Stream };
    this.watch(stream, (why) => {
      refuse(call, stream, why);
    });
    return new ServerInterceptingCall(call, {
      sendStatus: (ending, next) => {
        const isWhole = stream.headersSent; // a status behind an answer has trailers, which a reset would overtake
        next(ending);
        if (!isWhole && ending.code !== status.OK) stream.close(constants.NGHTTP2_NO_ERROR);
      },
    });
  };

  /** Takes note of what a stream brings. */
  watch(stream: Pick<ServerHttp2Stream, 'on'>, giveUp: (why: string) => void): void {
    const boundary = new MessageBoundary();
    let half: Half | undefined;
    let over = false;
    const end = (): void => {
      if (half !== undefined) this.forget(half);
      half = undefined;
    };
    const endAll = (): void => {
      over = true;
      end();
    };
    stream.on('data', (piece: Buffer) => {
      if (over) return;
      const { bytes, isSame } = boundary.take(piece);
      if (!isSame) end();
      if (bytes === 0) return;
      half ??= this.begin((why) => {
        endAll();
        giveUp(why);
      });
      this.grow(half, bytes);
    });
    stream.on('close', endAll);
  }

  private begin(giveUp: (why: string) => void): Half {
    const timer = setTimeout(() => {
      giveUp(`a message took longer than ${String(this.patienceMs)} ms to arrive`);
    }, this.patienceMs);
    const half = { bytes: 0, held: 0, giveUp, timer: timer.unref() };
    this.halves.add(half);
    return half;
  }

  private grow(half: Half, bytes: number): void {
    const more = bytes - half.bytes + PIECE_BYTES;
    half.bytes = bytes;
    half.held += more;
    this.used += more;
    for (const oldest of this.halves) {
      if (this.used <= this.mostBytes) return;
      oldest.giveUp('too much is on its way to this server: a message that was not whole yet is given up');
    }
  }

  private forget(half: Half): void {
    clearTimeout(half.timer);
    if (this.halves.delete(half)) this.used -= half.held;
  }
}

/** Answers, and lets go of what has arrived also if the client goes on sending: otherwise some wait to send the rest. */
function refuse(call: ServerInterceptingCallInterface, stream: ServerHttp2Stream, why: string): void {
  call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: why, metadata: new Metadata() });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

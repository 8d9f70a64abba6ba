import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { FrameBatch } from '../wire/frames';

/** The writing end of a read call, with back-pressure: nothing is buffered for a reader that does not read. */
export class Outlet {
  private over = false;
  private wake: (() => void) | undefined;
  private readonly batch: FrameBatch;

  constructor(private readonly call: ServerWritableStream<ReadReq, Buffer>) {
    this.batch = new FrameBatch((frames) => this.over || this.call.write(frames));
    const close = (): void => {
      this.over = true;
      this.wake?.();
    };
    call.on('cancelled', close);
    call.on('close', close);
    call.on('error', close);
    call.on('drain', () => this.wake?.());
  }

  /** The reader is gone, or the call was ended from here. */
  isClosed(): boolean {
    return this.over;
  }

  /**
   * Queues a message; it is sent with those that follow it at once.
   * @returns true when more may be written at once; otherwise wait for {@link ready}
   */
  write(message: Buffer): boolean {
    return this.over || this.batch.add(message);
  }

  /** Sends queued messages, before the call ends in any way. */
  flush(): void {
    this.batch.flush();
  }

  /** Resolves when the reader takes more, or is gone. */
  async ready(): Promise<void> {
    while (!this.over && this.call.writableNeedDrain) await this.sleep();
  }

  /** Resolves when {@link stir} is called, or the reader is gone. */
  async sleep(): Promise<void> {
    if (this.over) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = undefined;
  }

  /** Wakes the sleeper. */
  stir(): void {
    this.wake?.();
  }
}

/** Lets the event loop do its other work, such as answering keepalive pings, between two pages. */
export async function otherWork(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

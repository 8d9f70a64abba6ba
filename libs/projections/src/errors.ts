/** Reads must wait: the log has not yet been applied up to where it was at start. Façades answer 503, Retry-After. */
export class ReadModelNotReady extends Error {
  constructor(reason = 'the read model has not caught up with the log', options?: ErrorOptions) {
    super(reason, options);
  }
}

/** An event of a domain stream whose type or version this build does not know: going on would lose its content. */
export class UnknownEvent extends Error {
  constructor(
    readonly stream: string,
    readonly type: string,
    readonly position: bigint,
  ) {
    super(`unknown event ${type} in stream ${stream} at ${String(position)}: this build is too old for this log`);
  }
}

/** Somebody else has moved the checkpoint since it was read: nothing was written, read it again and go on from there. */
export class CheckpointMoved extends Error {
  constructor(readonly expected: string) {
    super(`the checkpoint is no longer at ${expected}`);
  }
}

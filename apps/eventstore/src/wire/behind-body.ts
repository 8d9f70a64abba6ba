import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';

/** A client that has sent nothing for so long is not in the middle of sending: one that waits for a processor may be. */
const SILENT_MS = 2_000;
/** What comes after this is not waited for. */
const PATIENCE_MS = 10_000;

/**
 * Makes a call that is refused before its body is in answer behind the body, which is thrown away, or once its client has
 * stopped sending. An answer that overtakes the body must be followed by RST_STREAM before its client looks at it: official
 * clients, .NET's for one, that find a call ended in which they are still writing wait for ever. Node.js cannot do that:
 * over TLS each of its writes waits for the one before, a turn of the event loop at least.
 *
 * @param onRefused told when what arrives is not kept any more
 * @returns the function after which the call is answered at once
 */
export function answerBehindBody(stream: ServerHttp2Stream, onRefused: () => void): () => void {
  const respond = stream.respond.bind(stream);
  stream.respond = (headers?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions): void => {
    const isRefusal = options?.endStream === true && headers?.['grpc-status'] !== undefined;
    if (!isRefusal || stream.readableEnded || stream.closed) {
      respond(headers, options);
      return;
    }
    onRefused();
    discardBody(stream, () => {
      if (!stream.destroyed && !stream.closed && !stream.headersSent) respond(headers, options);
    });
  };
  return () => {
    stream.respond = respond;
  };
}

/** Reads until the client has sent everything, sends nothing more for a while, or goes on for too long. */
function discardBody(stream: ServerHttp2Stream, then: () => void): void {
  let heard = 0;
  const end = (): void => {
    for (const timer of timers) clearTimeout(timer);
    stream.off('data', goOn).off('end', end).off('close', end);
    then();
  };
  // After a turn that was long, timers come before what has arrived in the meantime: that is read first.
  const silence = setTimeout(() => {
    const before = heard;
    setImmediate(() => {
      if (heard === before) end();
    });
  }, SILENT_MS);
  const timers = [silence, setTimeout(end, PATIENCE_MS)];
  const goOn = (): void => {
    heard += 1;
    silence.refresh();
  };
  stream.on('data', goOn).on('end', end).on('close', end).resume();
}

import type { LogMessage, Position, Unwanted } from './port';
import { SettledCheckpoints } from './settled-checkpoints';
import { patternWithout } from './type-pattern';

/** What a server sends to a subscriber to `$all`, in its order, as it is. */
export interface Followed {
  /** @param regex of the types that are sent */
  subscribeToAll(after: Position | undefined, regex: string): AsyncIterable<LogMessage>;
}

/**
 * A subscription to `$all` as the port promises it: its checkpoints are never ahead of an event, and so may be resumed
 * from, whichever release the server is.
 */
export async function* followAll(
  server: Followed,
  after: Position | undefined,
  { without = [] }: Unwanted,
): AsyncGenerator<LogMessage> {
  const settled = new SettledCheckpoints();
  let reached = after ?? 0n;
  for await (const message of server.subscribeToAll(after, patternWithout(without))) {
    if (message.kind === 'checkpoint') {
      const position = settled.announced(message.position);
      if (position === undefined || position <= reached) continue;
      reached = position;
      yield { kind: 'checkpoint', position };
    } else {
      if (message.kind === 'event') reached = message.event.position;
      yield message;
    }
  }
}

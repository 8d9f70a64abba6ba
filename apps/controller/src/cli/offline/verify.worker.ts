import { once } from 'node:events';
import { parentPort, type MessagePort, workerData } from 'node:worker_threads';
import { LineChain } from './line-chain';
import type { Piece } from './piece';
import { piecesOf } from './read-pieces';

/** What the worker says: a piece that is sound, that there are no more, or why the export cannot be trusted. */
export type Verified =
  | { readonly kind: 'piece'; readonly piece: Piece }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly why: string };

/** Pieces on their way to the thread that folds: it is behind when it has so many. Some MB each. */
const AHEAD = 8;

/** Hands over what has been checked, the bytes themselves: what is folded cannot be anything else. */
async function verify(file: string, port: MessagePort): Promise<Verified> {
  const chain = new LineChain();
  let ahead = 0;
  port.on('message', () => {
    ahead -= 1;
  });
  for await (const piece of piecesOf(file)) {
    chain.check(piece);
    while (ahead === AHEAD) await once(port, 'message');
    ahead += 1;
    send(port, { kind: 'piece', piece }, [piece.bytes.buffer, piece.spans.buffer]);
  }
  return { kind: 'end' };
}

function send(port: MessagePort, verified: Verified, memory: readonly ArrayBuffer[] = []): void {
  port.postMessage(verified, [...memory]);
}

if (parentPort !== null) {
  const port = parentPort;
  void verify(String(workerData), port)
    .catch((error: unknown): Verified => ({
      kind: 'broken',
      why: error instanceof Error ? error.message : String(error),
    }))
    .then((last) => {
      send(port, last);
      port.close();
    });
}

import { Unfinished } from '@cairn/edge';
import type { Readable } from 'node:stream';
import { HttpProblem, unavailable } from './problem';

/** Of all requests of the process together, however many listeners, clients and connections there are. */
const MOST_BYTES = 64 * 1024 * 1024;
/** From a body's first look to its last byte: the largest takes a second on a slow line. */
const PATIENCE_MS = 30_000;

/** What has arrived of bodies that are not whole. */
export const bodiesUnderWay = new Unfinished(MOST_BYTES, PATIENCE_MS);

const late = (): HttpProblem => new HttpProblem(408, 'The request body took too long to arrive.');
const crowded = (): HttpProblem =>
  unavailable('Too many requests are on their way to this service. Please try again later.');

/**
 * All bytes of a body. What the client goes on to send after a refusal is thrown away, so that it can read the answer.
 * @throws HttpProblem 413 for more than `mostBytes`, 408 when they take too long, 503 when it must make room for others,
 * 400 when the client has gone.
 */
export function collect(body: Readable, mostBytes: number, underWay = bodiesUnderWay): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (problem?: HttpProblem): void => {
      arriving.end();
      body.off('data', take).off('end', finish).off('close', gone);
      if (problem === undefined) {
        resolve(Buffer.concat(chunks, bytes));
        return;
      }
      chunks.length = 0;
      body.resume();
      reject(problem);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) {
        end(new HttpProblem(413));
        return;
      }
      chunks.push(chunk);
      arriving.grow(chunk.byteLength);
    };
    const finish = (): void => {
      end();
    };
    const gone = (): void => {
      end(new HttpProblem(400));
    };
    const arriving = underWay.begin((why) => {
      end(why === 'late' ? late() : crowded());
    });
    body.on('data', take).on('end', finish).on('close', gone).on('error', gone);
    if (body.destroyed) gone(); // it says so only once
  });
}

import { Readable } from 'node:stream';

import { HttpProblem } from '../http';

/**
 * The text of a streamed body.
 * @throws HttpProblem 413 when it has more bytes than allowed, 415 for a body that is not a stream.
 */
export async function readText(body: unknown, maxBytes: number): Promise<string> {
  if (body === undefined || body === null) return '';
  if (!(body instanceof Readable)) throw new HttpProblem(415);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // the connection stays and takes the rest, so that the sender can read the refusal
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      body.resume();
      throw new HttpProblem(413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

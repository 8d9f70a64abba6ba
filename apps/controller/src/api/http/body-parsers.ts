import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';
import type { BodyLimits } from './body-limits';
import { collect } from './collect';
import { parseJsonBody } from './json-body';
import { HttpProblem } from './problem';
import type { ServiceDefinition } from './service';

/** A JSON body before any of it has been read: it is what Fastify takes for the parsed one until the guards have run. */
export class UnreadBody {
  constructor(
    private readonly stream: Readable,
    private readonly announced: number,
  ) {}

  /** @throws HttpProblem 413 for more than the limits, 400 for what is not JSON, and as `collect` does. */
  async read({ bytes, values }: BodyLimits): Promise<unknown> {
    if (this.announced > bytes) throw new HttpProblem(413);
    return parseJsonBody(await collect(this.stream, bytes), values);
  }
}

/** What a service reads: JSON, and streams where it says so. Every other content type is a 415. Nothing is read here. */
export function addBodyParsers(
  instance: FastifyInstance,
  { jsonTypes = [], streamedTypes = [] }: ServiceDefinition,
): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(['application/json', ...jsonTypes], ({ headers }, payload, done): void => {
    done(null, new UnreadBody(payload, Number(headers['content-length'] ?? 0)));
  });
  if (streamedTypes.length === 0) return;
  instance.addContentTypeParser([...streamedTypes], (_request, payload, done): void => {
    done(null, payload);
  });
}

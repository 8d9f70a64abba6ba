import type { FastifyInstance } from 'fastify';
import { parseJsonBody } from './json-body';
import type { ServiceDefinition } from './service';

/** What a service reads: JSON up to the body limit, streams where it says so. Every other content type is a 415. */
export function addBodyParsers(
  instance: FastifyInstance,
  { jsonTypes = [], streamedTypes = [] }: ServiceDefinition,
): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    ['application/json', ...jsonTypes],
    { parseAs: 'string' },
    (_request, body, done): void => {
      try {
        done(null, parseJsonBody(body as string));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
  if (streamedTypes.length === 0) return;
  instance.addContentTypeParser([...streamedTypes], (_request, payload, done): void => {
    done(null, payload);
  });
}

import type { FastifyRequest } from 'fastify';

/** What is known of a request as long as it lasts. */
export interface OfRequest<T> {
  readonly set: (request: FastifyRequest, value: T) => void;
  /** Undefined where nothing was set. */
  readonly get: (request: FastifyRequest) => T | undefined;
}

/** Kept on the request itself: entries of a WeakMap, new ones with each request, would cost the garbage collector more. */
export function ofRequest<T>(what: string): OfRequest<T> {
  const key = Symbol(what);
  type Keeper = Record<typeof key, T | undefined>;
  return {
    set: (request, value) => {
      (request as unknown as Keeper)[key] = value;
    },
    get: (request) => (request as unknown as Keeper)[key],
  };
}

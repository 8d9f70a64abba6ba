import { type Aggregate, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { requestEvents } from './catalogue';

/**
 * A request that its caller may repeat, because it bears a key (`Idempotency-Key`; in EC2's API a ClientToken). The id of
 * the stream follows from project, user, action and key; what it holds is for what the key was used first.
 */
export interface KeyedRequest {
  /** HMAC of all that the request asks for; undefined: the key was never used. */
  readonly requestHash: string | undefined;
}

export interface RequestCommand {
  readonly type: 'UseKey';
  readonly data: { readonly requestHash: string };
}

export interface RequestEvent {
  readonly type: 'request.key-used.v1';
  readonly data: { readonly requestHash: string };
}

/** Messages come from elsewhere: the compiler's word that there is one type does not hold for them. */
function expectType(type: string, expected: string, message: unknown): void {
  if (type !== expected) unreachable(message as never);
}

function decide(command: RequestCommand, { requestHash }: KeyedRequest): readonly RequestEvent[] {
  expectType(command.type, 'UseKey', command);
  if (requestHash === undefined) return [{ type: 'request.key-used.v1', data: command.data }];
  if (requestHash === command.data.requestHash) return [];
  throw new DomainError('conflict', 'request.key-reused', 'The idempotency key was used for another request before.');
}

function evolve(_state: KeyedRequest, event: RequestEvent): KeyedRequest {
  expectType(event.type, 'request.key-used.v1', event);
  return { requestHash: event.data.requestHash };
}

export const request: Aggregate<KeyedRequest, RequestCommand, RequestEvent> = {
  initial: { requestHash: undefined },
  decide,
  evolve,
  category: 'request',
  events: requestEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};

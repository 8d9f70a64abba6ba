import { type Aggregate, type Context, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { isAfter, type Instant } from '../kernel/time';
import { consoleEvents } from './catalogue';

/** Tokens of one server that count at a time; a new one takes the place of the oldest. */
export const MOST_TOKENS = 64;
/** Connections of one server that are remembered until they end. */
const MOST_CONNECTIONS = 64;

/** Whose right a token rests on, as of when it was issued: it ends when that right does. */
export interface ConsoleHolder {
  readonly userId: string;
  readonly projectId: string | null;
  /** Audit id of the Keystone token that asked for it. */
  readonly tokenId: string;
  readonly userEpoch: number;
  readonly projectEpoch: number;
}

/** What a token opens, and until when. */
export interface ConsoleGrant {
  /** SHA-256 of the token, in hexadecimal. */
  readonly tokenHash: string;
  readonly kind: 'vnc' | 'serial';
  /** The host that the server is on: elsewhere it is another console. */
  readonly hostId: string;
  readonly holder: ConsoleHolder;
  readonly expiresAt: Instant;
}

export type ConsoleCommand =
  | { readonly type: 'AuthorizeConsole'; readonly data: ConsoleGrant }
  | { readonly type: 'OpenConsole'; readonly data: { readonly tokenHash: string; readonly connectionId: string } }
  | { readonly type: 'CloseConsole'; readonly data: { readonly connectionId: string; readonly reason: string } };

export type ConsoleEvent =
  | { readonly type: 'console.authorized.v1'; readonly data: ConsoleGrant }
  | {
      readonly type: 'console.opened.v1';
      readonly data: {
        readonly tokenHash: string;
        readonly connectionId: string;
        readonly kind: 'vnc' | 'serial';
        readonly hostId: string;
      };
    }
  | { readonly type: 'console.closed.v1'; readonly data: { readonly connectionId: string; readonly reason: string } };

/** The consoles of one server: tokens that may still count, and connections that are open. */
export interface Console {
  readonly grants: readonly ConsoleGrant[];
  readonly connections: readonly string[];
}

/** The same refusal for every reason, so that a guess tells nothing. */
export const badConsoleToken = (): DomainError =>
  new DomainError('forbidden', 'console.bad-token', 'The token is not known, or counts no more.');

/** What a token opens at that moment. */
export const grantOf = ({ grants }: Console, tokenHash: string, at: Instant): ConsoleGrant | undefined =>
  grants.find((grant) => grant.tokenHash === tokenHash && !isAfter(at, grant.expiresAt));

function decide(command: ConsoleCommand, state: Console, { at }: Context): readonly ConsoleEvent[] {
  switch (command.type) {
    case 'AuthorizeConsole': {
      const { tokenHash } = command.data;
      return state.grants.some((grant) => grant.tokenHash === tokenHash)
        ? []
        : [{ type: 'console.authorized.v1', data: command.data }];
    }
    case 'OpenConsole': {
      const { tokenHash, connectionId } = command.data;
      if (state.connections.includes(connectionId)) return [];
      const grant = grantOf(state, tokenHash, at);
      if (grant === undefined) throw badConsoleToken();
      const { kind, hostId } = grant;
      return [{ type: 'console.opened.v1', data: { tokenHash, connectionId, kind, hostId } }];
    }
    case 'CloseConsole':
      return state.connections.includes(command.data.connectionId)
        ? [{ type: 'console.closed.v1', data: command.data }]
        : [];
    default:
      return unreachable(command);
  }
}

function evolve(state: Console, event: ConsoleEvent, { at }: Context): Console {
  switch (event.type) {
    case 'console.authorized.v1': {
      const live = state.grants.filter(({ expiresAt }) => !isAfter(at, expiresAt));
      return { ...state, grants: [...live, event.data].slice(-MOST_TOKENS) };
    }
    case 'console.opened.v1':
      return { ...state, connections: [...state.connections, event.data.connectionId].slice(-MOST_CONNECTIONS) };
    case 'console.closed.v1': {
      const { connectionId } = event.data;
      return { ...state, connections: state.connections.filter((id) => id !== connectionId) };
    }
    default:
      return unreachable(event);
  }
}

/** Who may open a server's consoles, and who did. Its id is the server's. */
export const console: Aggregate<Console, ConsoleCommand, ConsoleEvent> = {
  category: 'console',
  events: consoleEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
  initial: { grants: [], connections: [] },
  decide,
  evolve,
};

import { type Aggregate, type Context, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { isAfter, type Instant } from '../kernel/time';
import { enrolmentEvents } from './catalogue';

/** A one-time token with which one machine joins as this host. Cairn tells the token to the operator only. */
interface JoinToken {
  /** Id of the enrolment. Cairn derives the host's secrets from it; they end with the enrolment. */
  readonly enrolmentId: string;
  /** SHA-256 of the token, in hexadecimal. */
  readonly tokenHash: string;
  readonly expiresAt: Instant;
}

export type EnrolmentCommand =
  | { readonly type: 'IssueToken'; readonly data: JoinToken & { readonly hostId: string; readonly name: string } }
  | {
      readonly type: 'JoinHost';
      /** `certificate` is the SHA-256 of the certificate that the host is given, in hexadecimal. */
      readonly data: { readonly tokenHash: string; readonly certificate: string };
    }
  | { readonly type: 'RevokeHost'; readonly data: Record<string, never> };

export type EnrolmentEvent =
  | {
      readonly type: 'enrolment.token-issued.v1';
      readonly data: JoinToken & { readonly hostId: string; readonly name: string };
    }
  | {
      readonly type: 'enrolment.host-joined.v1';
      readonly data: { readonly hostId: string; readonly enrolmentId: string; readonly certificate: string };
    }
  | { readonly type: 'enrolment.host-revoked.v1'; readonly data: { readonly hostId: string } };

/** Whether and how a machine may act as a host from elsewhere than the controller's own machine. */
export interface Enrolment {
  readonly hostId: string;
  readonly name: string;
  /** Null if no token is outstanding: none was issued, or it was used or revoked. */
  readonly token: JoinToken | null;
  /** The machine that acts as this host; null if none may. */
  readonly member: { readonly enrolmentId: string; readonly certificate: string } | null;
}

function join({ tokenHash, certificate }: JoinData, state: Enrolment, { at }: Context): readonly EnrolmentEvent[] {
  const { token, hostId } = state;
  // The same refusal for every reason, so that an attacker who guesses tokens learns nothing. The event log tells the
  // operator the reason.
  if (token?.tokenHash !== tokenHash || isAfter(at, token.expiresAt)) {
    throw new DomainError('forbidden', 'enrolment.bad-token', 'The token is not known, was used, or is too old.');
  }
  const { enrolmentId } = token;
  return [{ type: 'enrolment.host-joined.v1', data: { hostId, enrolmentId, certificate } }];
}

type JoinData = Extract<EnrolmentCommand, { type: 'JoinHost' }>['data'];

function decide(command: EnrolmentCommand, state: Enrolment, context: Context): readonly EnrolmentEvent[] {
  switch (command.type) {
    case 'IssueToken':
      if (state.token?.enrolmentId === command.data.enrolmentId) return [];
      return [{ type: 'enrolment.token-issued.v1', data: command.data }];
    case 'JoinHost':
      return join(command.data, state, context);
    case 'RevokeHost':
      if (state.token === null && state.member === null) return [];
      return [{ type: 'enrolment.host-revoked.v1', data: { hostId: state.hostId } }];
    default:
      return unreachable(command);
  }
}

function evolve(state: Enrolment, event: EnrolmentEvent): Enrolment {
  switch (event.type) {
    case 'enrolment.token-issued.v1': {
      const { hostId, name, ...token } = event.data;
      return { ...state, hostId, name, token };
    }
    case 'enrolment.host-joined.v1': {
      const { enrolmentId, certificate } = event.data;
      return { ...state, token: null, member: { enrolmentId, certificate } };
    }
    case 'enrolment.host-revoked.v1':
      return { ...state, token: null, member: null };
    default:
      return unreachable(event);
  }
}

const notEnrolled: Enrolment = { hostId: '', name: '', token: null, member: null };

/** A machine's right to act as a host: granted for a one-time token, revoked at any time. */
export const enrolment: Aggregate<Enrolment, EnrolmentCommand, EnrolmentEvent> = {
  category: 'enrolment',
  events: enrolmentEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
  initial: notEnrolled,
  decide,
  evolve,
};

import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorKind } from '@cairn/domain';
import { OutcomeUnknown } from '@cairn/event-store';
import { isNoSpace } from '@cairn/os';
import { ReadModelNotReady } from '@cairn/projections';
import { LoginRefused } from '../../application/token/logins';
import { PolicyRefusal } from '../../policy';

/** A refusal or failure on its way out, before a service gives it its shape. */
export interface Problem {
  readonly status: number;
  /** For the client; undefined stands for the service's own words for that status. */
  readonly message: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of the answers that say "try again": seconds. */
const RETRY_AFTER = '1';

/** Nova 26 answers a quota with 403; what lacks capacity at once is a conflict with the cloud's state. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  forbidden: 403,
  quota: 403,
  capacity: 409,
  unavailable: 503,
  unsupported: 501,
};

/** A refusal by the HTTP layer or a façade, with headers that the answer needs. */
export class HttpProblem extends HttpException {
  constructor(
    status: number,
    readonly text?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(text ?? '', status);
  }
}

export const unavailable = (message: string): HttpProblem =>
  new HttpProblem(503, message, { 'retry-after': RETRY_AFTER });

/** The problem that an error is; undefined when it is a bug or a failure of ours, which the client only sees as 500. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof DomainError) {
    const status = STATUS[error.kind];
    return { status, message: error.message, headers: status === 503 ? { 'retry-after': RETRY_AFTER } : {} };
  }
  if (error instanceof PolicyRefusal) return { status: 403, message: error.message, headers: {} };
  if (error instanceof LoginRefused) return { status: 401, message: undefined, headers: {} };
  if (error instanceof HttpProblem) return { status: error.getStatus(), message: error.text, headers: error.headers };
  if (error instanceof OutcomeUnknown || error instanceof ReadModelNotReady || isNoSpace(error))
    return { status: 503, message: undefined, headers: { 'retry-after': RETRY_AFTER } };
  // Nest's and Fastify's own words ("Cannot GET /x", "FST_ERR_…") are not the service's: only their status counts.
  if (error instanceof HttpException && error.getStatus() < 500)
    return { status: error.getStatus(), message: undefined, headers: {} };
  return undefined;
}

/** What kind of refusal it is; each façade has one table from kind to its own status and code. */
export type ErrorKind =
  'invalid' | 'not-found' | 'conflict' | 'forbidden' | 'quota' | 'capacity' | 'unavailable' | 'unsupported';

/** A command that is refused: nothing happened. `code` is stable (`noun.problem`), the message is for people. */
export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

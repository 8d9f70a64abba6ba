/** What the command line said. */
export interface Options {
  /** The log's directory; empty when it was not named. */
  readonly directory: string;
  /** A running store's connection string; empty when it was not named. */
  readonly url: string;
  /** The user for a store that has users; undefined: none, or the one that the connection string names. */
  readonly user: string | undefined;
  readonly passwordFile: string | undefined;
  /** PEM file of the authority that signed the store's certificate; undefined: one that Node.js trusts. */
  readonly caFile: string | undefined;
  readonly checkpoints: readonly string[];
  readonly publicKey: string | undefined;
}

/** Prints to standard output, and answers the exit status: 1 when what was asked about does not hold. */
export type Command = (options: Options, argument: string | undefined) => number | Promise<number>;

/** @throws Error when it was not given */
export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`${what} is missing`);
  return value;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

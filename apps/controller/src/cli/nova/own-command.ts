import type { Given } from './arguments';
import type { Client } from './client';

/** One command that Cairn answers itself. */
export interface OwnCommand {
  /** Behind the command's name. */
  readonly usage: string;
  readonly about: string;
  /** How many values it takes, at least and at most. */
  readonly values: readonly [least: number, most: number];
  /** What it prints. @throws CommandError */
  readonly run: (client: Client, given: Given) => Promise<string>;
}

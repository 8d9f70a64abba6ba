import { DomainError } from './errors';

/** A host that a filter excluded. */
export interface ExcludedHost {
  readonly host: string;
  readonly filter: string;
  /** What the host has and what was asked for, in numbers. */
  readonly why: string;
}

/** A host that passed all filters. */
export interface WeighedHost {
  readonly host: string;
  /** The sum of the weighers' normalised values, each times its multiplier; the highest wins. */
  readonly weight: number;
  /** Each weigher's own value before it is normalised, such as the free memory in MiB. */
  readonly values: Readonly<Record<string, number>>;
}

/** How the scheduler came to its choice, kept for people who ask later. Of many hosts it shows some. */
export interface Selection {
  /** How many hosts it looked at. */
  readonly considered: number;
  /** How many hosts each filter excluded. */
  readonly excludedBy: Readonly<Record<string, number>>;
  readonly excluded: readonly ExcludedHost[];
  /** The best first. */
  readonly weighed: readonly WeighedHost[];
}

/** No host will do. */
export class NoValidHost extends DomainError {
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>>,
    readonly selection: Selection,
  ) {
    super('capacity', 'scheduler.no-valid-host', message, details);
  }
}

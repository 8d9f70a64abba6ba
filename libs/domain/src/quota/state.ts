import { Table } from '../kernel/table';
import type { Instant } from '../kernel/time';
import type { QuotaLimits } from './limits';

/** What one server counts for. */
export interface Usage {
  readonly instances: number;
  readonly cores: number;
  readonly ramMb: number;
}

export interface Reserved {
  readonly instanceId: string;
  readonly cores: number;
  readonly ramMb: number;
}

/** A reservation of which nobody has said that its launch has begun. */
export interface Unconfirmed {
  /** When to find out. */
  readonly settleAfter: Instant;
  /** The same for all servers that were reserved for at once: their request happens as a whole or not at all. */
  readonly group: string;
  /** `launched`: this one is, but of others of its group it is not known. `undoing`: one of its group never was. */
  readonly found: 'nothing' | 'launched' | 'undoing';
}

export interface Quota {
  readonly overrides: Readonly<Partial<Record<keyof QuotaLimits, number>>>;
  readonly usage: Usage;
  readonly items: Table<Reserved>;
  /** By the ids of their items. */
  readonly unconfirmed: Table<Unconfirmed>;
}

export const empty: Quota = {
  overrides: {},
  usage: { instances: 0, cores: 0, ramMb: 0 },
  items: Table.empty(),
  unconfirmed: Table.empty(),
};

/** Time as the agent sees it: the machine's, or a virtual one in the simulation. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The only source of ids that do not follow from others. */
export interface Random {
  uuid(): string;
}

export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString();

/** Waits between tries: doubles from `firstMs` up to `mostMs`. */
export const backOff = (attempt: number, firstMs = 100, mostMs = 10_000): number =>
  Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));

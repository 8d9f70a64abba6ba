/** The log does not hold what was written to it; the message says where, and what is wrong there. */
export class DamagedLogError extends Error {
  /** @param position of the event that is damaged, or after which something is missing */
  constructor(
    readonly position: number,
    why: string,
  ) {
    super(`damaged log: the event at position ${String(position)} ${why}`);
    this.name = 'DamagedLogError';
  }
}

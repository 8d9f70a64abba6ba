/** The log was altered or damaged; the message names the place and the fault. */
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

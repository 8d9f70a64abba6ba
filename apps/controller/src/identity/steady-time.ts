import type { Clock } from '../runtime/ports';

/**
 * The wall clock without its steps back: what has expired stays expired. While the clock is behind what it has shown,
 * time goes on by the seconds that pass, so that tokens issued then end in time, too.
 */
export class SteadyTime {
  private shown = -Infinity;
  private at = 0;

  /** @param elapsed milliseconds since any moment, by a clock that is never set */
  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Milliseconds since 1970, never less than before. */
  now(): number {
    const wall = Date.parse(this.clock.now());
    const elapsed = this.elapsed();
    this.shown = wall >= this.shown ? wall : this.shown + Math.floor(elapsed - this.at);
    this.at = elapsed;
    return this.shown;
  }
}

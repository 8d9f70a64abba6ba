/** Pseudo-random decisions that are the same for the same seed (mulberry32). */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** True with that probability. Nothing is drawn for an impossible one, so that faults do not disturb each other. */
  falls(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from 0 to below `bound`. */
  upTo(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

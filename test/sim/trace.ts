import { createHash } from 'node:crypto';

import type { VirtualTime } from './clock';

/** Everything that happened, a line each. The same seed must give the same lines, to the byte. */
export class Trace {
  private readonly lines: string[] = [];
  private readonly started: number;

  /** @param show called with each line as it comes, for people who watch. */
  constructor(
    private readonly time: VirtualTime,
    private readonly show: (line: string) => void = () => undefined,
  ) {
    this.started = time.now;
  }

  add(who: string, what: string): void {
    const line = `${String(this.time.now - this.started).padStart(9)} ${who.padEnd(14)} ${what}`;
    this.lines.push(line);
    this.show(line);
  }

  get length(): number {
    return this.lines.length;
  }

  /** The last lines, for a report. */
  tail(count: number): readonly string[] {
    return this.lines.slice(-count);
  }

  hash(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex');
  }
}

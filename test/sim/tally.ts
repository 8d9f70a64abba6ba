import { Coverage } from './coverage';
import type { Done } from './pool/pool';
import { failureOf } from './report';

/** What many worlds came to. */
export class Tally {
  readonly coverage = new Coverage();
  /** The report of each world with a violation. */
  readonly failures: string[] = [];
  worlds = 0;
  events = 0;
  cpuMs = 0;
  /** Worlds with more than one controller at once. */
  shared = 0;
  readonly faults = new Map<string, number>();
  readonly answers = new Map<string, number>();
  private readonly began = process.hrtime.bigint();

  add({ result, cpuMs }: Done): void {
    this.worlds += 1;
    this.events += result.events;
    this.cpuMs += cpuMs;
    if (result.controllers > 1) this.shared += 1;
    for (const [kind, count] of result.faults) this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
    for (const [kind, count] of Object.entries(result.answers))
      this.answers.set(kind, (this.answers.get(kind) ?? 0) + count);
    this.coverage.add(result);
    if (result.violations.length > 0) this.failures.push(failureOf(result));
  }

  /** One line for people. */
  summary(): string {
    const seconds = Number((process.hrtime.bigint() - this.began) / 1_000_000_000n);
    const each = this.worlds === 0 ? 0 : Math.round(this.cpuMs / this.worlds);
    return (
      `${String(this.worlds)} seeds in ${String(seconds)} s, ${String(each)} ms of processor time each; ` +
      `${String(this.events)} events, ${String(this.shared)} worlds with two controllers; ` +
      `${String(this.failures.length)} failed`
    );
  }
}

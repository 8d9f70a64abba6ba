import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerLog, Timer } from '../read-model';

/** Time that goes by ten times as fast. */
export const fastTime: Timer = {
  sleep: (ms, signal) => sleep(ms / 10, undefined, { signal }).catch(() => undefined),
};

/** Remembers what people were told. */
export class Told implements RunnerLog {
  readonly errors: { readonly message: string; readonly details: Readonly<Record<string, unknown>> }[] = [];
  readonly notices: string[] = [];

  info(): void {
    // of no interest to tests
  }

  error(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.errors.push({ message, details });
  }

  notice(text: string): void {
    this.notices.push(text);
  }
}

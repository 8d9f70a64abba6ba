import { createHmac } from 'node:crypto';
import { GenerationalCache } from '@cairn/cache';
import type { Random } from '../random';

const KEY_BYTES = 32;
/** Users who log in again and again: clients do for each command. */
const MOST = 10_000;
/** How long a password that was right needs no hash, ms. */
const TRUST_MS = 5 * 60_000;

/**
 * Passwords that were right a while ago, by a keyed hash that is worth nothing outside of this process. They need no slow
 * hash: those who know their password do not wait for those who guess. The slow hash is a part of what is remembered, so a
 * new password is another entry.
 */
export class ProvenPasswords {
  private readonly key: Uint8Array;
  private readonly until = new GenerationalCache<string, number>(MOST);

  constructor(
    random: Random,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.key = random.bytes(KEY_BYTES);
  }

  has(password: string, phc: string): boolean {
    const until = this.until.peek(this.tag(password, phc));
    return until !== undefined && until > this.now();
  }

  add(password: string, phc: string): void {
    this.until.set(this.tag(password, phc), this.now() + TRUST_MS);
  }

  private tag(password: string, phc: string): string {
    return createHmac('sha256', this.key).update(`${phc}\0`).update(password).digest('base64');
  }
}

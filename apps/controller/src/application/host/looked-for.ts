import type { Clock } from '../../runtime/ports';

/** How often to look for a claim, and how long to wait in between: another controller may have just recorded it. */
const TRIES = 4;
const PAUSE_MS = 250;

/** What a host asks for, as soon as it is seen; undefined if it is not there. */
export async function lookedFor<T>(clock: Clock, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let left = TRIES; left > 0; left -= 1) {
    const found = await look();
    if (found !== undefined) return found;
    if (left > 1) await clock.sleep(PAUSE_MS);
  }
  return undefined;
}

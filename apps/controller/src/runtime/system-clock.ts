import type { Clock } from './ports';

let shown = 0;
let text = new Date(0).toISOString();

/** The machine's time. A request asks for it several times in one millisecond: its text is made once. */
export const systemClock: Clock = {
  now: () => {
    const at = Date.now();
    if (at !== shown) [shown, text] = [at, new Date(at).toISOString()];
    return text;
  },
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
};

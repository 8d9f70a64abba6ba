import type { Result } from './simulation';

/** The command that runs one world again and shows all that happens in it. */
export const again = (seed: number): string => `npm run sim -- --seed ${String(seed)} --trace`;

/** The report of a world with a violation. */
export const failureOf = ({ seed, violations, lastLines }: Result): string =>
  [
    `seed ${String(seed)} broke what must hold:`,
    ...violations.map((violation) => `  ${violation}`),
    'the last that happened:',
    ...lastLines.map((last) => `  ${last}`),
    `again, with all that happened: ${again(seed)}`,
  ].join('\n');

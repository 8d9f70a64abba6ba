import { writeSync } from 'node:fs';

const DESCRIPTORS = { output: 1, errors: 2 } as const;

/**
 * Writes a line for the operator. Where it cannot be written (a full disk, a pipe whose reader is gone) it is lost: the
 * server must not end for want of a place to say something.
 */
export function say(text: string, where: keyof typeof DESCRIPTORS = 'errors'): void {
  try {
    writeSync(DESCRIPTORS[where], `${text}\n`);
  } catch {
    // nobody is left to tell
  }
}

/** Libraries write by Node's own streams, which would end the process by an event that nobody hears. */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

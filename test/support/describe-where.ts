/** The title of tests that are skipped, from which the report after a run reads the reason (test/report). */
const skippedTitle = (title: string, missing: string): string => `${title} (skipped: ${missing})`;

/** `describe`; or, where something is missing on this machine, each test of it is skipped and says why. */
export function describeWhere(missing: string | null | undefined, title: string, body: () => void): void {
  if (missing === null || missing === undefined) describe(title, body);
  else describe.skip(skippedTitle(title, missing), body);
}

/** `it` in the same way. */
export function itWhere(missing: string | null | undefined, title: string, body: () => void, limitMs?: number): void {
  if (missing === null || missing === undefined) it(title, body, limitMs);
  else it.skip(skippedTitle(title, missing), body, limitMs);
}

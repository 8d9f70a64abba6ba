/** The result of a command. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What is said on the way. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** ` in 3.2 s (12345 a second)`, for the end of a line. */
export function rateOf(events: number, began: number): string {
  const seconds = (performance.now() - began) / 1_000;
  return ` in ${seconds.toFixed(1)} s (${String(Math.round(events / seconds))} a second)`;
}

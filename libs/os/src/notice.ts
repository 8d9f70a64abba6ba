import { appendFileSync } from 'node:fs';

/**
 * A line for `./cairn status` about something that this process has put right without an operator, or that waits for
 * one. Where it cannot be written it is lost: the log says it too.
 */
export function notice(text: string, file = process.env['CAIRN_NOTICES']): void {
  if (file === undefined) return;
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  try {
    appendFileSync(file, `${at} ${text.replaceAll(/\s+/g, ' ').slice(0, 500)}\n`);
  } catch {
    // no room, or no folder: nobody is told here
  }
}

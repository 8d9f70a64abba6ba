import { ConnectionStringError, logNodes } from '@cairn/event-store';
import type { ControllerConfig } from '../config';
import { connectionOf } from '../connect-store';
import { logLines } from './log-lines';

const COLUMN = 13;

/** Prints how the server is that keeps the log. Status 3 when it lacks something. */
export async function logStatus(config: ControllerConfig): Promise<number> {
  const said = await linesOf(config);
  for (const [i, line] of said.lines.entries())
    process.stdout.write(`${(i === 0 ? 'eventstore' : '').padEnd(COLUMN)}${line}\n`);
  return said.isWell ? 0 : 3;
}

async function linesOf(config: ControllerConfig): Promise<ReturnType<typeof logLines>> {
  try {
    return logLines(await logNodes(connectionOf(config)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = error instanceof ConnectionStringError ? `cannot be asked: its URL ${why}` : `gives no answer: ${why}`;
    return { lines: [what], isWell: false };
  }
}

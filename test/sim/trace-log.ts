import type { Log } from '../../apps/controller/src/log';

import { brief, type Incarnation } from './processes';
import type { Trace } from './trace';

/** A log whose lines go into the trace; a dead process says nothing more. */
export function traceLog(trace: Trace, process: Incarnation): Log {
  const line =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (!process.alive) return;
      const { error } = fields;
      trace.add(process.name, `${level}: ${message}${error === undefined ? '' : ` (${brief(error)})`}`);
    };
  const log: Log = { info: line('info'), warn: line('warn'), error: line('error'), with: () => log };
  return log;
}

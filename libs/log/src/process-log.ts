import { say } from '@cairn/os';
import { type Logger, pino } from 'pino';

import type { Log, LogFields } from './log';
import { plain } from './plain';

export interface ProcessLogOptions {
  /** A line's time, ISO 8601. */
  readonly now?: () => string;
  /** Takes a line without its end; standard error unless given, where a line that cannot be written is lost. */
  readonly write?: (line: string) => void;
}

/**
 * The log of one process: a JSON object a line, with `at`, `level`, `message` and the fields. It never throws, and never
 * shows a field whose name says that it is secret.
 */
export function processLog({ now = () => new Date().toISOString(), write = say }: ProcessLogOptions = {}): Log {
  const options = {
    base: null,
    messageKey: 'message',
    timestamp: () => `,"at":"${now()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  const out = {
    write: (line: string) => {
      write(line.trimEnd());
    },
  };
  return logOf(pino(options, out));
}

function logOf(logger: Logger): Log {
  const line =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      try {
        logger[level](plain(fields) as object, message);
      } catch {
        // the caller must be able to go on, whatever became of the line
      }
    };
  return {
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    with: (fields) => logOf(logger.child(plain(fields) as object)),
  };
}

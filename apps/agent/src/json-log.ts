import type { Log, LogFields } from './ports/log.port';

/** An error as a line can hold it: its message and stack and those of its causes. */
function plain(error: Error, depth = 0): Record<string, unknown> {
  const cause = error.cause instanceof Error && depth < 5 ? { cause: plain(error.cause, depth + 1) } : {};
  return { name: error.constructor.name, message: error.message, stack: error.stack, ...cause };
}

/** One JSON object a line. */
export class JsonLog implements Log {
  constructor(
    private readonly write: (line: string) => void = (line) => process.stderr.write(line),
    private readonly fields: LogFields = {},
    private readonly now: () => string = () => new Date().toISOString(),
  ) {}

  info(message: string, fields?: LogFields): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.line('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.line('error', message, fields);
  }

  with(fields: LogFields): Log {
    return new JsonLog(this.write, { ...this.fields, ...fields }, this.now);
  }

  private line(level: string, message: string, fields: LogFields = {}): void {
    const line = { at: this.now(), level, message, ...this.fields, ...fields };
    this.write(`${JSON.stringify(line, (_key, value: unknown) => (value instanceof Error ? plain(value) : value))}\n`);
  }
}

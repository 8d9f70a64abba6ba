/** Fields of a log line. Never a payload, a token or a password. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all carry these fields too. */
  with(fields: LogFields): Log;
}

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};

const MAX_CAUSES = 5;

/** An error as a line can hold it: its message and stack and those of its causes. */
function plain(error: Error, depth = 0): Record<string, unknown> {
  const cause = error.cause instanceof Error && depth < MAX_CAUSES ? { cause: plain(error.cause, depth + 1) } : {};
  return { name: error.constructor.name, message: error.message, stack: error.stack, ...cause };
}

const jsonValue = (_key: string, value: unknown): unknown => {
  if (value instanceof Error) return plain(value);
  return typeof value === 'bigint' ? value.toString() : value;
};

/** One JSON object a line. */
export class JsonLog implements Log {
  /** @param now gives the line's time, ISO 8601. */
  constructor(
    private readonly now: () => string,
    private readonly write: (line: string) => void = (line) => process.stderr.write(line),
    private readonly fields: LogFields = {},
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
    return new JsonLog(this.now, this.write, { ...this.fields, ...fields });
  }

  private line(level: string, message: string, fields: LogFields = {}): void {
    const line = { at: this.now(), level, message, ...this.fields, ...fields };
    this.write(`${JSON.stringify(line, jsonValue)}\n`);
  }
}

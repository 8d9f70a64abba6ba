/** Structured log lines. One JSON object a line on standard error; secrets never come here. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const plain = (value: unknown): unknown => {
  if (value instanceof Error) {
    return {
      name: value.name,
      message: value.message,
      stack: value.stack,
      ...(value.cause === undefined ? {} : { cause: plain(value.cause) }),
    };
  }
  return typeof value === 'bigint' ? String(value) : value;
};

/** @param write takes one line, with its newline. */
export function jsonLog(write: (line: string) => void, now: () => string): Log {
  const line =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      write(`${JSON.stringify({ at: now(), level, message, ...fields }, (_key, value: unknown) => plain(value))}\n`);
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

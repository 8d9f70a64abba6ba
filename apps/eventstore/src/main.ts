import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { EventLog } from './log/event-log';
import { WireServer, isLoopback } from './wire/server';

const MAX_APPEND_SIZE = 1024 * 1024;
const USAGE = 'usage: eventstore --dir DIR --port PORT [--host 127.0.0.1] [--max-append-size BYTES]';

interface Settings {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly maxAppendSize: number;
}

function settingsOf(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '2113' },
      host: { type: 'string', default: '127.0.0.1' },
      'max-append-size': { type: 'string', default: String(MAX_APPEND_SIZE) },
    },
  });
  if (values.dir === undefined || values.dir === '') throw new Error(`--dir is missing; ${USAGE}`);
  if (!isLoopback(values.host)) {
    throw new Error(
      `refusing to listen on ${values.host}: without TLS and users the event store binds to loopback only`,
    );
  }
  const port = integer('--port', values.port, 0, 65_535);
  const maxAppendSize = integer('--max-append-size', values['max-append-size'], 1, 16 * MAX_APPEND_SIZE);
  return { directory: resolve(values.dir), host: values.host, port, maxAppendSize };
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${String(least)} to ${String(most)}; ${USAGE}`);
}

async function main(): Promise<void> {
  const settings = settingsOf(process.argv.slice(2));
  const log = EventLog.open({ directory: settings.directory, onFatal: die });
  const server = new WireServer({ ...settings, log });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.stop().finally(() => {
      log.close();
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const port = await server.listen();
  process.stdout.write(`eventstore ready on ${settings.host}:${String(port)}\n`);
}

/** Says why and ends the process: after an I/O error, what the file holds is only known by reading it again. */
function die(error: unknown): void {
  process.stderr.write(`eventstore: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(die);

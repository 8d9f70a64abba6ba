import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { CONSENT, parseFaultPlan, warningOf, type FaultPlan } from './faults/fault-plan';
import { EventLog } from './log/event-log';
import { Metrics, type MetricsAddress } from './metrics/metrics';
import { ensureAdmin, hasAdmin, openSecurity, tlsSecurity, type Security, type TlsFiles } from './security/security';
import { say, SpaceReserve, surviveLostOutput } from '@cairn/os';
import { refuseOpenAddresses, WireServer } from './wire/server';

const MAX_APPEND_SIZE = 1024 * 1024;
const USAGE =
  'usage: eventstore --dir DIR --port PORT [--host 127.0.0.1]... [--max-append-size BYTES] ' +
  '[--tls-cert FILE --tls-key FILE [--admin-password-file FILE]] [--metrics-port PORT [--metrics-host 127.0.0.1]]';

interface Settings {
  readonly directory: string;
  readonly hosts: readonly string[];
  readonly port: number;
  /** Undefined: no TLS and no users, on loopback. */
  readonly tls: TlsFiles | undefined;
  readonly adminPasswordFile: string | undefined;
  readonly maxAppendSize: number;
  /** Undefined: no metrics are kept. */
  readonly metrics: MetricsAddress | undefined;
  readonly faults: FaultPlan | undefined;
}

function settingsOf(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '2113' },
      host: { type: 'string', multiple: true, default: ['127.0.0.1'] },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'admin-password-file': { type: 'string' },
      'max-append-size': { type: 'string', default: String(MAX_APPEND_SIZE) },
      'metrics-port': { type: 'string' },
      'metrics-host': { type: 'string', default: '127.0.0.1' },
      faults: { type: 'string' },
    },
  });
  if (values.dir === undefined || values.dir === '') throw new Error(`--dir is missing; ${USAGE}`);
  const tls = tlsOf(values['tls-cert'], values['tls-key']);
  const adminPasswordFile = values['admin-password-file'];
  if (tls === undefined && adminPasswordFile !== undefined)
    throw new Error(`users need TLS: give --tls-cert and --tls-key; ${USAGE}`);
  refuseOpenAddresses(values.host, tls !== undefined);
  const port = integer('--port', values.port, 0, 65_535);
  const maxAppendSize = integer('--max-append-size', values['max-append-size'], 1, 16 * MAX_APPEND_SIZE);
  const metrics = metricsOf(values['metrics-host'], values['metrics-port']);
  const faults = faultsOf(values.faults);
  const directory = resolve(values.dir);
  return { directory, hosts: values.host, port, maxAppendSize, tls, adminPasswordFile, metrics, faults };
}

/** @throws Error unless the environment agrees that this server is one for tests */
function faultsOf(text: string | undefined): FaultPlan | undefined {
  if (text === undefined) return undefined;
  if (process.env[CONSENT] !== 'yes')
    throw new Error(`refusing to inject faults: --faults is for tests only, and needs ${CONSENT}=yes as well`);
  return parseFaultPlan(text);
}

function metricsOf(host: string, port: string | undefined): MetricsAddress | undefined {
  return port === undefined ? undefined : { host, port: integer('--metrics-port', port, 0, 65_535) };
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined): TlsFiles | undefined {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile !== undefined && keyFile !== undefined) return { certificateFile, keyFile };
  throw new Error(`--tls-cert and --tls-key belong together; ${USAGE}`);
}

/** @throws Error when nobody could ever log in */
async function securityOf({ tls, adminPasswordFile }: Settings, log: EventLog): Promise<Security> {
  if (tls === undefined) return openSecurity(log);
  const security = tlsSecurity(log, tls);
  if (adminPasswordFile !== undefined) await ensureAdmin(security.users, adminPasswordFile);
  if (!hasAdmin(security.users))
    throw new Error('this store has no administrator yet: name a file with a password by --admin-password-file');
  return security;
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${String(least)} to ${String(most)}; ${USAGE}`);
}

async function main(): Promise<void> {
  surviveLostOutput();
  const settings = settingsOf(process.argv.slice(2));
  if (settings.faults !== undefined) say(warningOf(settings.faults).trimEnd());
  const metrics = settings.metrics === undefined ? undefined : new Metrics();
  const reserve = new SpaceReserve(settings.directory);
  const log = EventLog.open({ directory: settings.directory, onFatal: die, reserve, ...metrics?.ofLog });
  const security = await securityOf(settings, log);
  const server = new WireServer({ ...settings, log, security, ...metrics?.ofServer });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    metrics?.close();
    void server.stop().finally(() => {
      log.close();
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const port = await server.listen();
  if (metrics !== undefined && settings.metrics !== undefined) {
    const page = await metrics.serve(settings.metrics, server.gauges);
    if (page !== undefined) say(`metrics on ${page}`, 'output');
  }
  say(`eventstore ready on ${settings.hosts.join(',')}:${String(port)}`, 'output');
  void reserve.fill();
}

/** Says why and ends the process: after an I/O error, what the file holds is only known by reading it again. */
function die(error: unknown): void {
  say(`eventstore: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch(die);

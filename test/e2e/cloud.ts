import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const STATES = join(tmpdir(), 'cairn-e2e-');

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CloudOptions {
  /** First of ten ports of this cloud, apart from those of other clouds on this machine. */
  readonly firstPort: number;
  /** Number of simulated hosts; undefined for this machine itself. */
  readonly simulated?: number;
  /** Instead of this machine: that many real hosts within it, wired to a bridge. */
  readonly within?: { readonly hosts: number; readonly bridge: string; readonly cidr: string };
  readonly cidr: string;
  /** IPv6 addresses of the first network, beside those; absent: none. */
  readonly cidrV6?: string;
  readonly bridge: string;
  /** Address of this machine at which hosts on other machines reach the cloud, by TLS. */
  readonly hostsAddress?: string;
  /** How slow simulated hosts are, relative to real ones; 1 unless said otherwise. */
  readonly latency?: number;
  /** Further settings, by variable. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Settings of controller and agent that have no variable. */
  readonly own?: object;
}

/** One cloud of the test's own, from `infra/cloud/up.sh`, in a folder of its own, for the stock clients. */
export class Cloud {
  readonly state: string;
  private readonly environment: NodeJS.ProcessEnv;

  constructor(private readonly options: CloudOptions) {
    this.state = mkdtempSync(STATES);
    const port = (offset: number): string => String(options.firstPort + offset);
    this.environment = {
      ...process.env,
      CAIRN_STATE: this.state,
      CAIRN_IDENTITY_PORT: port(0),
      CAIRN_COMPUTE_PORT: port(1),
      CAIRN_IMAGE_PORT: port(2),
      CAIRN_METADATA_PORT: port(3),
      CAIRN_CONSOLE_PORT: port(9),
      CAIRN_EVENTSTORE_PORT: port(4),
      CAIRN_REDIS_PORT: port(5),
      CAIRN_METADATA_PROXY_PORT: port(6),
      CAIRN_NETWORK_CIDR: options.cidr,
      ...(options.cidrV6 === undefined ? {} : { CAIRN_NETWORK_CIDR_V6: options.cidrV6 }),
      CAIRN_BRIDGE: options.bridge,
      CAIRN_HOSTS_ADDRESS: options.hostsAddress ?? '',
      CAIRN_HOSTS_PORT: port(7),
      CAIRN_EVENTSTORE_METRICS_PORT: port(8),
      CAIRN_SIMULATED_LATENCY: String(options.latency ?? 1),
      ...(options.within === undefined
        ? {}
        : { CAIRN_MACHINES_BRIDGE: options.within.bridge, CAIRN_MACHINES_CIDR: options.within.cidr }),
      ...options.settings,
      ...(options.own === undefined ? {} : { CAIRN_SETTINGS_FILE: this.configure(options.own) }),
    };
  }

  /** Writes settings of controller and agent that have no variable; they count from the next `up`. @returns their file */
  configure(own: object): string {
    return this.file('own-settings.json', JSON.stringify(own));
  }

  async up(): Promise<void> {
    const { simulated, within } = this.options;
    const simulatedHosts = simulated === undefined ? [] : ['--simulated', String(simulated)];
    const flags = within === undefined ? simulatedHosts : ['--hosts', String(within.hosts)];
    const ran = await this.run('infra/cloud/up.sh', flags, { timeoutMs: 300_000 });
    if (ran.status !== 0) throw new Error(`the cloud did not start:\n${ran.stdout}\n${ran.stderr}`);
  }

  async down(): Promise<void> {
    const ran = await this.run('infra/cloud/down.sh', []);
    if (ran.status !== 0) throw new Error(`the cloud did not end:\n${ran.stdout}\n${ran.stderr}`);
  }

  /** Ends the cloud and removes its state; with CAIRN_KEEP set the state stays, to look at its logs. */
  async destroy(): Promise<void> {
    await this.down();
    if (process.env['CAIRN_KEEP'] !== undefined) console.info(`the state stays in ${this.state}`);
    else rmSync(this.state, { recursive: true, force: true });
  }

  /** `cairn` with this cloud's settings. */
  cairn(...args: readonly string[]): Promise<Ran> {
    return this.run('cairn', args);
  }

  /** What `cairn` printed. Throws with its words when it fails. */
  async said(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.cairn(...args);
    if (status !== 0) throw new Error(`cairn ${args.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  }

  /** A client with credentials as `source openrc USER PROJECT` sets them. */
  client(program: 'openstack' | 'nova', args: readonly string[], as: Credentials = ADMIN): Promise<Ran> {
    return this.withCredentials([program, ...args], as);
  }

  /** `cairn nova`, with credentials as for the stock clients. */
  cairnNova(args: readonly string[], as: Credentials = ADMIN): Promise<Ran> {
    return this.withCredentials([join(ROOT, 'cairn'), 'nova', ...args], as);
  }

  private withCredentials(command: readonly string[], as: Credentials): Promise<Ran> {
    const script = `. ${ROOT}/openrc "$1" "$2" "$3"; shift 3; exec "$@"`;
    return this.run('/bin/bash', ['-c', script, 'bash', as.user, as.project ?? as.user, as.api ?? '3', ...command]);
  }

  /** Runs `openstack … -f json` and returns what it printed. Throws with the client's words when it fails. */
  async openstack<T = Record<string, unknown>>(args: readonly string[], as: Credentials = ADMIN): Promise<T> {
    const ran = await this.client('openstack', [...args, '-f', 'json'], as);
    if (ran.status !== 0) throw new Error(`openstack ${args.join(' ')}: ${ran.stderr}${ran.stdout}`);
    return JSON.parse(ran.stdout) as T;
  }

  /** Runs an `openstack` command that prints no table. */
  async does(args: readonly string[], as: Credentials = ADMIN): Promise<string> {
    const ran = await this.client('openstack', args, as);
    if (ran.status !== 0) throw new Error(`openstack ${args.join(' ')}: ${ran.stderr}${ran.stdout}`);
    return ran.stdout;
  }

  /** The words with which `openstack` refuses. */
  async refused(args: readonly string[], as: Credentials = ADMIN): Promise<string> {
    const ran = await this.client('openstack', args, as);
    if (ran.status === 0) throw new Error(`openstack ${args.join(' ')} should have been refused`);
    return ran.stderr;
  }

  file(name: string, content: string | Buffer): string {
    const path = join(this.state, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  password(user: string): string {
    return readFileSync(join(this.state, `${user}.password`), 'utf8').trim();
  }

  /** The log's address for a client of the test's own. */
  get logUrl(): string {
    return `esdb://127.0.0.1:${String(this.options.firstPort + 4)}?tls=false`;
  }

  /** The process that `up` started under that name, or its supervisor (`<name>.supervisor`); undefined when none is there. */
  pid(name: string): number | undefined {
    try {
      return Number(readFileSync(join(this.state, 'run', `${name}.pid`), 'utf8'));
    } catch {
      return undefined;
    }
  }

  url(service: 'identity' | 'compute' | 'image' | 'metadata' | 'console'): string {
    const offset = { identity: 0, compute: 1, image: 2, metadata: 3, console: 9 }[service];
    return `http://127.0.0.1:${String(this.options.firstPort + offset)}`;
  }

  run(program: string, args: readonly string[], { timeoutMs = 240_000 } = {}): Promise<Ran> {
    return ran(program, args, { env: this.environment, timeoutMs });
  }
}

/** Runs a program of the checkout, or one of this machine, to its end; what it asks for is answered by `input`. */
export function ran(
  program: string,
  args: readonly string[],
  {
    env,
    timeoutMs,
    input = '',
  }: { readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number; readonly input?: string },
): Promise<Ran> {
  const path = existsSync(join(ROOT, program)) ? join(ROOT, program) : program;
  const options = { env, cwd: ROOT, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((done) => {
    const child = execFile(path, [...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ status, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined); // a program may end without having read what it is given
    child.stdin?.end(input);
  });
}

export interface Credentials {
  readonly user: string;
  readonly project?: string;
  readonly api?: '3' | '2.0';
}

export const ADMIN: Credentials = { user: 'admin' };
export const DEMO: Credentials = { user: 'demo' };

/** Asks until the answer is the expected one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  { withinMs = 120_000, everyMs = 500 } = {},
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${String(withinMs)} ms; last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Whether a path is in the state of a cloud that another test has. */
export const isStateOfAnother = ({ state }: Cloud, path: string): boolean =>
  path.startsWith(STATES) && path !== state && !path.startsWith(`${state}/`);

import { execFile, execFileSync } from 'node:child_process';

/** Where Debian's packages put their clients, whatever else is in PATH. */
const OPENSTACK = '/usr/bin/openstack';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined where python3-openstackclient is not installed, else its version (`openstack 6.0.0`). */
export function stockClientVersion(): string | undefined {
  try {
    return execFileSync(OPENSTACK, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Debian's `openstack`, as one user of one project. */
export class StockClient {
  constructor(
    private readonly authUrl: string,
    private readonly user: string,
    private readonly password: string,
    /** For what the client caches; no settings of the caller's are read. */
    private readonly home: string,
  ) {}

  run(...args: readonly string[]): Promise<Ran> {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: this.home,
      LANG: 'C.UTF-8',
      OS_AUTH_URL: this.authUrl,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: this.user,
      OS_PASSWORD: this.password,
      OS_PROJECT_NAME: this.user,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    };
    return new Promise((resolve) => {
      execFile(OPENSTACK, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, stdout, stderr });
      });
    });
  }

  /** What a command prints with `-f json`. @throws Error with the client's words when it fails. */
  async json<T = Readonly<Record<string, unknown>>>(...args: readonly string[]): Promise<T> {
    const { status, stdout, stderr } = await this.run(...args, '-f', 'json');
    if (status !== 0) throw new Error(`openstack ${args.join(' ')}: ${stderr}${stdout}`);
    return JSON.parse(stdout) as T;
  }

  /** @throws Error with the client's words when the command fails. */
  async done(...args: readonly string[]): Promise<void> {
    const { status, stdout, stderr } = await this.run(...args);
    if (status !== 0) throw new Error(`openstack ${args.join(' ')}: ${stderr}${stdout}`);
  }
}

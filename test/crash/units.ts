import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Writes the units of a cloud's state into a folder. @throws Error with what the script says */
export function writeUnits(folder: string, environment: NodeJS.ProcessEnv): void {
  const env = { ...process.env, ...environment };
  const written = spawnSync('infra/systemd/write-units.sh', [folder], { cwd: ROOT, encoding: 'utf8', env });
  if (written.status !== 0 || written.stderr !== '') throw new Error(`no units: ${written.stderr}`);
}

/** One service, run by what its unit says and systemd's manual (systemd.exec(5), systemd.service(5)) says of that. */
export class Unit {
  private readonly settings: readonly (readonly [string, string])[];
  private process: ChildProcess | undefined;

  constructor(folder: string, name: string) {
    const text = readFileSync(join(folder, `cairn-${name}.service`), 'utf8');
    this.settings = text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    });
  }

  start(): void {
    this.commands('ExecStartPre', {});
    const [program = '', ...args] = this.all('ExecStart')[0]?.split(' ') ?? [];
    const output = openSync(this.all('StandardOutput')[0]?.replace(/^append:/, '') ?? '', 'a');
    this.process = spawn(program, args, { env: this.environment(), stdio: ['ignore', output, output] });
  }

  /** Waits until the service has ended, then does what follows that. @returns its exit status, or the signal's name */
  async ended(): Promise<string> {
    const child = this.process;
    if (child === undefined) throw new Error('was not started');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const status = child.exitCode === null ? String(child.signalCode).replace(/^SIG/, '') : String(child.exitCode);
    this.commands('ExecStopPost', { EXIT_CODE: child.exitCode === null ? 'killed' : 'exited', EXIT_STATUS: status });
    return status;
  }

  /** As `systemctl stop` does. */
  stop(): Promise<string> {
    this.process?.kill((this.all('KillSignal')[0] ?? 'SIGTERM') as NodeJS.Signals);
    return this.ended();
  }

  private all(key: string): readonly string[] {
    return this.settings.flatMap(([name, value]) => (name === key ? [value] : []));
  }

  private environment(): NodeJS.ProcessEnv {
    const pairs = this.all('Environment').map((text) => text.replace(/^"(.*)"$/, '$1').replaceAll('%%', '%'));
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  }

  private commands(key: string, more: NodeJS.ProcessEnv): void {
    for (const command of this.all(key)) {
      const [program = '', ...args] = command.replace(/^-/, '').split(' ');
      const { status } = spawnSync(program, args, { env: { ...this.environment(), ...more }, stdio: 'ignore' });
      if (status !== 0 && !command.startsWith('-')) throw new Error(`${command} ended with ${String(status)}`);
    }
  }
}

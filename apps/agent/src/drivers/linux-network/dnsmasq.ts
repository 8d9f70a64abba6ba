import { chmod, mkdir, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostName } from '@cairn/host-protocol';
import { codeOf, writeWhole } from '@cairn/os';

import { CommandFailed, runCommand } from '../host-command';
import { argumentsOf, endedBy, pidsWithArgument, readPidFile } from '../process-table';
import { closedDirectoryOf } from '../reachable';

import { networkFailure } from './check-port';
import {
  dnsmasqArguments,
  type DnsmasqFiles,
  dnsmasqFiles,
  type DnsmasqOptions,
  hostsFile,
  leaseHolders,
  livingLeases,
  namesFile,
  pidFileArgument,
} from './dnsmasq-config';
import type { PortedNetwork } from './ruleset';

const STOP_LIMIT_MS = 5_000;

/** The DHCP and DNS server of one network, a process that outlives the agent. */
export class Dnsmasq {
  private readonly files: DnsmasqFiles;
  /** Whether it has read its hosts since they were written last, as far as this process knows. */
  private hostsAreRead = false;

  constructor(
    private readonly directory: string,
    private readonly options: DnsmasqOptions,
  ) {
    this.files = dnsmasqFiles(directory);
  }

  /** Makes it run with this network's options and leases; a running one that needs no restart only reads its hosts again. */
  async ensure(network: PortedNetwork, outside: readonly HostName[] = []): Promise<void> {
    await this.prepare();
    if (await writeIfChanged(this.files.hosts, hostsFile(network))) this.hostsAreRead = false;
    if (await writeIfChanged(this.files.names, namesFile(network, outside))) this.hostsAreRead = false;
    const args = dnsmasqArguments(network, this.files, this.options);
    const pid = await this.pid();
    const leases = await textOf(this.files.leases);
    const fits =
      pid !== null && (await runsWith(pid, args)) && leases !== null && livingLeases(leases, network) === leases;
    if (fits) {
      if (!this.hostsAreRead) process.kill(pid, 'SIGHUP');
    } else {
      const kept = leases ?? (await deletedText(pid, this.files.leases));
      await this.stop();
      await writeIfChanged(this.files.leases, livingLeases(kept, network));
      await this.start(network, args);
    }
    this.hostsAreRead = true;
  }

  /** Ends it, also one whose pid file is lost. Its files stay. */
  async stop(): Promise<void> {
    for (const pid of await pidsWithArgument(pidFileArgument(this.files))) await end(pid);
  }

  /** Its pid; null when it does not run. A stale pid file is recognised by what the process with that pid really runs. */
  async pid(): Promise<number | null> {
    const noted = await readPidFile(this.files.pid);
    if (noted !== null && (await argumentsOf(noted))?.includes(pidFileArgument(this.files)) === true) return noted;
    return (await pidsWithArgument(pidFileArgument(this.files)))[0] ?? null;
  }

  /** What of it is not as it should be, in a sentence; null when all is. */
  async fault(network: PortedNetwork, outside: readonly HostName[] = []): Promise<string | null> {
    const { label, bridge } = network.spec;
    const of = `of the network ${label} (${bridge})`;
    const pid = await this.pid();
    if (pid === null) return `dnsmasq ${of} does not run: guests get no lease and no names.`;
    const args = dnsmasqArguments(network, this.files, this.options);
    if (!(await runsWith(pid, args))) return `dnsmasq ${of} runs with other options.`;
    const hosts = await textOf(this.files.hosts);
    if (hosts === null) return `The file of hosts ${of} is gone: dnsmasq knows no port when it starts again.`;
    if (hosts !== hostsFile(network)) return `The file of hosts ${of} does not name the ports as they are.`;
    if ((await textOf(this.files.names)) !== namesFile(network, outside))
      return `The file of names ${of} does not name the guests as they are.`;
    const leases = await textOf(this.files.leases);
    if (leases === null) return `The file of leases ${of} is gone: dnsmasq forgets them when it starts again.`;
    return livingLeases(leases, network) === leases ? null : `dnsmasq ${of} keeps an address for a guest that is gone.`;
  }

  /** Hardware addresses that have a lease, by address. */
  async leased(): Promise<ReadonlyMap<string, string>> {
    return leaseHolders((await textOf(this.files.leases)) ?? '');
  }

  /** dnsmasq gives up root before it reads its hosts, and would only log that it cannot. */
  private async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await chmod(this.directory, 0o755);
    const closed = await closedDirectoryOf(this.files.hosts);
    if (closed !== null) {
      throw networkFailure(`dnsmasq cannot reach ${this.files.hosts}: other users may not enter ${closed}`);
    }
  }

  /** dnsmasq goes to the background once its sockets are bound; until then it reports errors. */
  private async start(network: PortedNetwork, args: readonly string[]): Promise<void> {
    try {
      await runCommand('dnsmasq', args);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw networkFailure(`DHCP for the network ${network.spec.label} cannot start: ${error.stderr}`, {
        cause: error,
      });
    }
  }
}

async function runsWith(pid: number, args: readonly string[]): Promise<boolean> {
  const running = await argumentsOf(pid);
  return running !== null && running.slice(1).join('\0') === args.join('\0');
}

async function end(pid: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) if (await endedBy(signal, pid, STOP_LIMIT_MS)) return;
  throw networkFailure(`dnsmasq ${String(pid)} cannot be ended`);
}

/** Null where there is no such file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** What a deleted file holds that a process still has open; empty where it has none. */
async function deletedText(pid: number | null, path: string): Promise<string> {
  const folder = `/proc/${String(pid)}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const open = join(folder, name);
    if ((await readlink(open).catch(() => '')) === `${path} (deleted)`) return readFile(open, 'utf8');
  }
  return '';
}

/** Answers whether the file had other content, or was not there. */
async function writeIfChanged(path: string, text: string): Promise<boolean> {
  if ((await textOf(path)) === text) return false;
  await writeWhole(path, text, 0o644); // dnsmasq reads it as another user
  return true;
}

import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { type GuestDiagnostics, type InstanceSpec, type Inventory, noDiagnostics } from '@cairn/host-protocol';
import { writeWhole } from '@cairn/os';

import { JobFailure } from '../../ports/errors';
import type {
  DiskCopy,
  DomainChange,
  DomainSpec,
  DomainState,
  Hypervisor,
  PowerState,
} from '../../ports/hypervisor.port';
import { closedDirectoryOf } from '../reachable';

import { readConsoleLog } from './console-log';
import { DiskCopies } from './disk-copies';
import { domainChanges } from './domain-events';
import { cacheModeFor } from './direct-io';
import { capabilitiesHere } from './capabilities';
import { countsOf } from './diagnostics';
import { type DomainDefinition, domainDefinition } from './domain-xml';
import { Domains, type FoundDomain, orNullIfGone } from './domains';
import { firmwareFor, firmwareHere } from './firmware';
import { Frozen } from './frozen';
import { GuestAgent } from './guest-agent';
import { readHostFacts } from './host-facts';
import { incarnationOf } from './incarnation';
import type { Loader } from './machine-xml';
import { LiveNics } from './live-nics';
import { Power } from './power';
import { type ProbeResult, probeVirtType } from './probe';
import { SYSTEM, Virsh } from './virsh';
import { machineUptime } from '../uptime';

export interface LibvirtOptions {
  /** Keeps the probe's answer. */
  readonly stateDir: string;
  /** One directory per instance: its domain as defined, its console log (and, for DiskStore, its disks). */
  readonly instancesDir: string;
  /** Address under which other hosts reach this one. */
  readonly hostIp: string;
  /** Name of this host; default: its own. */
  readonly hostname?: string;
  readonly uri?: string;
  readonly emulator?: string;
  readonly softStopMs?: number;
  readonly askAgainMs?: number;
  readonly probeLimitMs?: number;
  /** Kernels for the probe, see `ProbeOptions`. */
  readonly probeKernels?: readonly string[];
}

/** Saving a guest's memory takes as long as its disk takes to write it. */
const MEMORY_LIMIT_MS = 30 * 60_000;

/** Guests by libvirt and QEMU, with KVM or TCG. One domain per instance, persistent, its uuid the instance's id. */
export class LibvirtHypervisor implements Hypervisor {
  private readonly virsh: Virsh;
  private readonly domains: Domains;
  private readonly power: Power;
  private readonly copies: DiskCopies;
  private readonly agents: GuestAgent;
  private readonly frozen: Frozen;
  private readonly liveNics: LiveNics;
  private readonly emulator: string;
  private probing: Promise<ProbeResult> | undefined;

  constructor(private readonly options: LibvirtOptions) {
    const uri = options.uri ?? SYSTEM;
    this.virsh = new Virsh(uri);
    this.domains = new Domains(this.virsh);
    this.power = new Power(this.virsh, new Virsh(uri, MEMORY_LIMIT_MS), this.domains, {
      softStopMs: options.softStopMs ?? 60_000,
      askAgainMs: options.askAgainMs ?? 10_000,
    });
    this.frozen = new Frozen(this.virsh, this.domains);
    this.liveNics = new LiveNics(this.virsh);
    this.copies = new DiskCopies(this.virsh, this.domains, this.frozen);
    this.agents = new GuestAgent(this.virsh);
    this.emulator = options.emulator ?? '/usr/bin/qemu-system-x86_64';
  }

  async inventory(): Promise<Inventory> {
    const { virtType } = await this.probe();
    await mkdir(this.options.instancesDir, { recursive: true });
    const facts = await readHostFacts(this.options.instancesDir);
    const hypervisorVersion = versionNumber(await this.virsh.run('version'));
    return {
      hostname: this.options.hostname ?? hostname(),
      hostIp: this.options.hostIp,
      hypervisorType: 'QEMU',
      hypervisorVersion,
      virtType,
      ...facts,
      capabilities: await capabilitiesHere(this.virsh, await firmwareHere()),
    };
  }

  /**
   * A running guest keeps the definition of its start, but for its NICs; a changed one takes effect at its next start. One
   * that gets other disks is ended first.
   */
  async ensure(domain: DomainSpec): Promise<PowerState> {
    const { instanceId, power } = domain.spec;
    const before = await this.ensureDefined(domain);
    await this.power.bring(instanceId, power);
    const folder = join(this.options.instancesDir, instanceId);
    const isInMemory = power === 'running' || power === 'paused';
    if (isInMemory && before !== null) await this.liveNics.settle(domain, folder);
    await this.frozen.thawIfPossible(instanceId, folder);
    await this.copies.drop(folder);
    return power;
  }

  /** nova 26.1's reboots: shut down and start again, not a reset, so that a changed definition comes into effect. */
  async reboot(domain: DomainSpec, type: 'soft' | 'hard'): Promise<PowerState> {
    const { instanceId } = domain.spec;
    await this.ensureDefined(domain);
    if (type === 'soft') await this.power.bring(instanceId, 'stopped');
    else await this.power.offForBoot(instanceId);
    await this.power.bring(instanceId, 'running');
    return 'running';
  }

  async remove(instanceId: string): Promise<void> {
    if ((await this.domains.find(instanceId)) === null) return;
    await this.power.off(instanceId);
    const leftovers = ['--managed-save', '--snapshots-metadata', '--checkpoints-metadata', '--nvram'];
    await orNullIfGone(this.virsh.run('undefine', instanceId, ...leftovers));
  }

  copyRoot({ spec, disks }: DomainSpec, name: string, quiesce?: 'try' | 'require'): Promise<DiskCopy> {
    const { instanceId } = spec;
    const folder = join(this.options.instancesDir, instanceId);
    return this.copies.take({ instanceId, folder, root: disks.root, name, quiesce });
  }

  async incarnation(instanceId: string): Promise<string | null> {
    const found = await this.domains.find(instanceId);
    return found === null || found.state === 'off' ? null : incarnationOf(instanceId, found.name);
  }

  list(): Promise<readonly DomainState[]> {
    return this.domains.list();
  }

  powerOf(instanceId: string): Promise<PowerState> {
    return this.domains.powerOf(instanceId);
  }

  changes(signal: AbortSignal): AsyncIterable<DomainChange> {
    return domainChanges(this.options.uri ?? SYSTEM, signal);
  }

  uptime(): Promise<string> {
    return Promise.resolve(machineUptime());
  }

  async diagnostics(instanceId: string): Promise<GuestDiagnostics> {
    const power = await this.powerOf(instanceId);
    const { virtType } = await this.probe();
    if (power !== 'running') return noDiagnostics(power, virtType);
    const groups = ['--balloon', '--vcpu', '--interface', '--block'];
    const [stats, interfaces] = await Promise.all([
      this.virsh.run('domstats', ...groups, instanceId),
      this.virsh.run('domiflist', instanceId),
    ]);
    return { power, virtType, ...countsOf(stats, interfaces) };
  }

  async injectNmi(instanceId: string): Promise<PowerState> {
    await this.virsh.run('inject-nmi', instanceId);
    return this.powerOf(instanceId);
  }

  async setPassword(instanceId: string, user: string, password: string): Promise<PowerState> {
    await this.agents.setPassword(instanceId, user, password);
    return this.powerOf(instanceId);
  }

  readConsole(instanceId: string, lines: number | null): Promise<string> {
    return readConsoleLog(this.consoleLog(instanceId), lines);
  }

  private probe(): Promise<ProbeResult> {
    this.probing ??= probeVirtType({
      emulator: this.emulator,
      stateDir: this.options.stateDir,
      limitMs: this.options.probeLimitMs ?? 10_000,
      ...(this.options.probeKernels === undefined ? {} : { kernels: this.options.probeKernels }),
    }).catch((error: unknown) => {
      this.probing = undefined; // a failed probe is tried again by the next job
      throw error;
    });
    return this.probing;
  }

  /** @returns the domain as it was; null if there was none. */
  private async ensureDefined(domain: DomainSpec): Promise<FoundDomain | null> {
    const { instanceId } = domain.spec;
    const definition = await this.definitionOf(domain);
    const found = await this.domains.find(instanceId);
    if (found?.digest === definition.digest) return found;
    // a guest that runs goes on with the disks of its start, and saved memory belongs to them
    if (found !== null && found.root !== domain.disks.root) await this.power.offForBoot(instanceId);
    const directory = join(this.options.instancesDir, instanceId);
    await mkdir(directory, { recursive: true });
    const file = join(directory, 'domain.xml');
    await writeWhole(file, definition.xml);
    await this.virsh.run('define', file);
    await dropVariables(directory, definition.xml);
    return found;
  }

  private async definitionOf(domain: DomainSpec): Promise<DomainDefinition> {
    const { root, rescue = null, kernel, ramdisk } = domain.disks;
    for (const file of [root, rescue, kernel, ramdisk]) {
      const closed = file === null ? null : await closedDirectoryOf(file);
      if (closed === null) continue;
      const why = `QEMU cannot reach ${String(file)}: other users may not enter ${closed}`;
      throw new JobFailure('hypervisor.failed', why, false);
    }
    return domainDefinition(domain, {
      virtType: (await this.probe()).virtType,
      emulator: this.emulator,
      cache: await cacheModeFor(root),
      consoleLog: this.consoleLog(domain.spec.instanceId),
      loader: await this.loaderOf(domain.spec),
    });
  }

  /** A root disk that was made again gets new variables: those of the firmware say what the disk before held. */
  private async loaderOf({ instanceId, rootId, hardware }: InstanceSpec): Promise<Loader | null> {
    if (hardware?.firmware === undefined) return null;
    const firmware = firmwareFor(await firmwareHere(), hardware);
    if (firmware === undefined) {
      const why =
        hardware.firmware.secureBoot === 'required' ? 'Secure Boot is not supported by host' : 'UEFI is not supported';
      throw new JobFailure('hypervisor.failed', why, false);
    }
    const name = rootId === undefined ? 'nvram.fd' : `nvram-${rootId}.fd`;
    return { firmware, variables: join(this.options.instancesDir, instanceId, name) };
  }

  private consoleLog(instanceId: string): string {
    return join(this.options.instancesDir, instanceId, 'console.log');
  }
}

/** Takes away variables of UEFI that no definition names any more. */
async function dropVariables(directory: string, definition: string): Promise<void> {
  for (const name of await readdir(directory))
    if (/^nvram.*\.fd$/.test(name) && !definition.includes(`/${name}<`))
      await rm(join(directory, name), { force: true });
}

/** `virsh version` as nova counts versions: major * 1,000,000 + minor * 1,000 + micro. */
export function versionNumber(virshVersion: string): number {
  const [, major, minor, micro] = /Running hypervisor: QEMU (\d+)\.(\d+)\.(\d+)/.exec(virshVersion) ?? [];
  if (major === undefined)
    throw new JobFailure('hypervisor.failed', 'libvirt does not tell the version of QEMU', false);
  return Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(micro);
}

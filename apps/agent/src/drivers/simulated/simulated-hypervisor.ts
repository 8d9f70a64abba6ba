import { ALL_CAPABILITIES } from '@cairn/domain';
import { type GuestDiagnostics, type InstanceSpec, type Inventory, noDiagnostics } from '@cairn/host-protocol';
import { KeyedMutex } from '@cairn/turns';

import { bareQcow2 } from '../../disks/bare-qcow2';
import { JobFailure } from '../../ports/errors';
import type {
  DiskCopy,
  DomainChange,
  DomainSpec,
  DomainState,
  Hypervisor,
  PowerState,
} from '../../ports/hypervisor.port';

import { bootLog, lastLines, nmiLog, passwordLog } from './boot-log';
import { simulatedDiagnostics } from './simulated-diagnostics';
import type { Pace } from './latencies';
import type { SimulatedHost } from './simulated-host';
import type { SimulatedDomain } from './stored-host';
import { machineUptime } from '../uptime';

/** What a simulated host says that it has. */
export interface SimulatedSize {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
}

export class SimulatedHypervisor implements Hypervisor {
  private readonly mutex = new KeyedMutex();

  constructor(
    private readonly host: SimulatedHost,
    private readonly size: SimulatedSize,
    private readonly pace: Pace,
  ) {}

  inventory(): Promise<Inventory> {
    const { name, vcpus, ramMb, diskGb } = this.size;
    const cpu = {
      arch: 'x86_64',
      model: 'simulated',
      vendor: 'Cairn',
      sockets: 1,
      cores: vcpus,
      threads: 1,
      features: [],
    };
    return Promise.resolve({
      hostname: name,
      hostIp: '127.0.0.1',
      vcpus,
      ramMb,
      diskGb,
      hypervisorType: 'fake',
      hypervisorVersion: 1_000_000,
      virtType: 'simulated',
      cpu,
      capabilities: ALL_CAPABILITIES,
    });
  }

  ensure({ spec }: DomainSpec): Promise<PowerState> {
    return this.mutex.run(spec.instanceId, async () => {
      if (this.usesOtherDisks(spec)) await this.stop(spec.instanceId);
      this.host.define(spec);
      await this.bring(spec.instanceId, spec.power);
      this.host.changeNics(spec.instanceId);
      this.host.thaw(spec.instanceId);
      return spec.power;
    });
  }

  reboot({ spec }: DomainSpec, _type: 'soft' | 'hard'): Promise<PowerState> {
    return this.mutex.run<PowerState>(spec.instanceId, async () => {
      await this.stop(spec.instanceId);
      this.host.define(spec);
      await this.start(spec.instanceId);
      return 'running';
    });
  }

  remove(instanceId: string): Promise<void> {
    return this.mutex.run(instanceId, async () => {
      await this.stop(instanceId);
      this.host.undefine(instanceId);
    });
  }

  async copyRoot({ spec: { instanceId } }: DomainSpec, _name: string, quiesce?: 'try' | 'require'): Promise<DiskCopy> {
    this.host.thaw(instanceId);
    const domain = this.host.domains.get(instanceId);
    const quiesced = quiesce !== undefined && domain?.running === true && hasAgent(domain);
    if (quiesce === 'require' && domain?.running === true && !quiesced) throw notQuiesced();
    if (quiesced) this.host.freeze(instanceId);
    await this.pace.take('disk');
    this.host.thaw(instanceId);
    const image = bareQcow2(this.host.rootBytes(instanceId));
    return {
      quiesced,
      sizeBytes: image.byteLength,
      bytes: async function* () {
        await Promise.resolve();
        yield image;
      },
      discard: () => Promise.resolve(),
    };
  }

  incarnation(instanceId: string): Promise<string | null> {
    const domain = this.host.domains.get(instanceId);
    return Promise.resolve(domain?.running === true ? String(domain.starts) : null);
  }

  list(): Promise<readonly DomainState[]> {
    return Promise.resolve(
      [...this.host.domains].map(([instanceId, domain]) => ({
        instanceId,
        name: domain.spec.domainName,
        power: powerOf(domain),
      })),
    );
  }

  powerOf(instanceId: string): Promise<PowerState> {
    const domain = this.host.domains.get(instanceId);
    return Promise.resolve(domain === undefined ? 'absent' : powerOf(domain));
  }

  async *changes(signal: AbortSignal): AsyncIterable<DomainChange> {
    for await (const name of this.host.changedDomains(signal)) yield { name, cause: 'The simulated guest changed.' };
  }

  uptime(): Promise<string> {
    return Promise.resolve(machineUptime());
  }

  diagnostics(instanceId: string): Promise<GuestDiagnostics> {
    const domain = this.host.domains.get(instanceId);
    if (domain === undefined) return Promise.resolve(noDiagnostics('absent', 'simulated'));
    const power = powerOf(domain);
    const counts = power === 'running' ? simulatedDiagnostics(domain, this.host.portsOf(instanceId)) : {};
    return Promise.resolve({ ...noDiagnostics(power, 'simulated'), ...counts });
  }

  injectNmi(instanceId: string): Promise<PowerState> {
    return this.mutex.run<PowerState>(instanceId, () => {
      const domain = this.host.domains.get(instanceId);
      if (domain?.running !== true) throw new JobFailure('hypervisor.failed', 'The guest does not run', false);
      this.host.print(instanceId, nmiLog());
      return Promise.resolve(powerOf(domain));
    });
  }

  /** The agent of a simulated guest answers as soon as the guest runs. */
  setPassword(instanceId: string, user: string, _password: string): Promise<PowerState> {
    return this.mutex.run<PowerState>(instanceId, async () => {
      await this.pace.take('network');
      const domain = this.host.domains.get(instanceId);
      if (domain === undefined || !hasAgent(domain)) throw silentAgent();
      this.host.print(instanceId, passwordLog(user));
      return powerOf(domain);
    });
  }

  readConsole(instanceId: string, lines: number | null): Promise<string> {
    return Promise.resolve(lastLines(this.host.domains.get(instanceId)?.console ?? '', lines));
  }

  /** Without `async`, so that a power that is missing here does not compile. */
  private bring(instanceId: string, power: InstanceSpec['power']): Promise<void> {
    switch (power) {
      case 'running':
      case 'paused':
        return this.hold(instanceId, power === 'paused');
      case 'suspended':
        return this.save(instanceId);
      case 'stopped':
        return this.stop(instanceId);
    }
  }

  private async hold(instanceId: string, paused: boolean): Promise<void> {
    if (!this.isInMemory(instanceId)) await this.start(instanceId, paused);
    this.host.pause(instanceId, paused);
  }

  private async save(instanceId: string): Promise<void> {
    if (!this.isInMemory(instanceId)) return;
    await this.pace.take('stop');
    this.host.save(instanceId);
  }

  private usesOtherDisks({ instanceId, diskSet }: InstanceSpec): boolean {
    const domain = this.host.domains.get(instanceId);
    return domain !== undefined && domain.spec.diskSet?.id !== diskSet?.id;
  }

  private isInMemory(instanceId: string): boolean {
    return this.host.domains.get(instanceId)?.running === true;
  }

  private async start(instanceId: string, paused = false): Promise<void> {
    await this.pace.take('start');
    const domain = this.host.domains.get(instanceId);
    this.host.start(instanceId, domain === undefined ? '' : bootLog(domain.spec), paused);
  }

  private async stop(instanceId: string): Promise<void> {
    if (this.isInMemory(instanceId)) await this.pace.take('stop');
    this.host.stop(instanceId);
  }
}

const hasAgent = ({ spec, running, paused }: SimulatedDomain): boolean =>
  spec.hardware?.guestAgent === true && running && !paused;

const notQuiesced = (): JobFailure =>
  new JobFailure('guest.not-quiesced', 'Failed to quiesce instance: the QEMU guest agent does not answer.', true);

const silentAgent = (): JobFailure => new JobFailure('guest.silent', 'The QEMU guest agent does not answer.', true);

function powerOf({ running, paused, saved }: SimulatedDomain): PowerState {
  if (running) return paused ? 'paused' : 'running';
  return saved ? 'suspended' : 'stopped';
}

import type { EventStore } from '@cairn/event-store';
import type { HostMessage } from '@cairn/host-protocol';

import { SimulatedHost, simulatedPorts } from '../../apps/agent/src/drivers/simulated';
import { HostAgent } from '../../apps/agent/src/host-agent';
import { MemoryJournal } from '../../apps/agent/src/journal/memory-journal';
import type { Clock } from '../../apps/agent/src/ports/clock.port';
import type { Controller } from '../../apps/agent/src/ports/controller.port';
import { JobFailure } from '../../apps/agent/src/ports/errors';
import type { ImageCache } from '../../apps/agent/src/ports/image-cache.port';
import type { Hypervisor } from '../../apps/agent/src/ports/hypervisor.port';
import { silentLog } from '../../apps/agent/src/ports/log.port';

/** A host with its agent. */
export class FlowHost {
  readonly host = new SimulatedHost();
  /** While set, the hypervisor fails: for once, or in a way that no other host could mend. */
  trouble: 'refused' | 'impossible' | undefined;
  private readonly journal = new MemoryJournal();
  private agent: HostAgent | undefined;
  private boots = 0;

  constructor(
    readonly name: string,
    readonly hostId: string,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly controller: Controller,
  ) {}

  /** Restarts the agent. */
  async start(): Promise<void> {
    const { host, journal, store, clock, hostId, name } = this;
    const ports = simulatedPorts({ host, size: { name, vcpus: 8, ramMb: 8_192, diskGb: 80 }, clock });
    this.boots += 1;
    const bootId = `${hostId.slice(0, -4)}b${String(this.boots).padStart(3, '0')}`;
    this.agent = new HostAgent({
      hostId,
      ports: { ...ports, hypervisor: this.failing(ports.hypervisor), images: this.failingToFetch(ports.images) },
      journal,
      store,
      controller: this.controller,
      clock,
      random: { uuid: () => bootId },
      log: silentLog,
    });
    await this.agent.start();
  }

  async powerCycle(): Promise<void> {
    this.host.powerCycle();
    await this.start();
  }

  async handle(message: HostMessage): Promise<void> {
    await this.agent?.handle(message);
  }

  private readonly check = (): void => {
    const { trouble } = this;
    if (trouble !== undefined) throw new JobFailure('hypervisor.failed', 'No, for once.', trouble === 'impossible');
  };

  private failingToFetch(images: ImageCache): ImageCache {
    return {
      ensure: async (image, onProgress) => {
        this.check();
        return images.ensure(image, onProgress);
      },
      prune: (inUse) => images.prune(inUse),
    };
  }

  private failing(hypervisor: Hypervisor): Hypervisor {
    const { check } = this;
    return {
      inventory: () => hypervisor.inventory(),
      incarnation: (id) => hypervisor.incarnation(id),
      list: () => hypervisor.list(),
      powerOf: (id) => hypervisor.powerOf(id),
      readConsole: (id, lines) => hypervisor.readConsole(id, lines),
      uptime: () => hypervisor.uptime(),
      diagnostics: (id) => hypervisor.diagnostics(id),
      setPassword: async (id, user, password) => {
        check();
        return hypervisor.setPassword(id, user, password);
      },
      injectNmi: async (id) => {
        check();
        return hypervisor.injectNmi(id);
      },
      changes: (signal) => hypervisor.changes(signal),
      ensure: async (domain) => {
        check();
        return hypervisor.ensure(domain);
      },
      reboot: async (domain, type) => {
        check();
        return hypervisor.reboot(domain, type);
      },
      copyRoot: async (domain, name, quiesce) => {
        check();
        return hypervisor.copyRoot(domain, name, quiesce);
      },
      remove: async (id) => {
        check();
        await hypervisor.remove(id);
      },
    };
  }
}

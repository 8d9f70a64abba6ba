import type { EventStore } from '@cairn/event-store';
import type { SentMessage } from '@cairn/host-protocol';

import { SimulatedHost, simulatedPorts } from '../../apps/agent/src/drivers/simulated';
import { HostAgent } from '../../apps/agent/src/host-agent';
import { MemoryJournal } from '../../apps/agent/src/journal/memory-journal';
import type { Clock } from '../../apps/agent/src/ports/clock.port';
import type { Controller } from '../../apps/agent/src/ports/controller.port';
import { JobFailure } from '../../apps/agent/src/ports/errors';
import { silentLog } from '../../apps/agent/src/ports/log.port';
import { fallible } from '../sim/fallible';
import { received } from '../sim/received';

/** Verbs of the hypervisor, the image cache and the network that can fail. */
const FALLIBLE: ReadonlySet<string> = new Set([
  'ensure',
  'reboot',
  'remove',
  'copyRoot',
  'injectNmi',
  'setPassword',
  'ensureFloatingIp',
  'removeFloatingIp',
]);

const USUAL_SIZE = { vcpus: 8, ramMb: 8_192, diskGb: 80 };

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
    private readonly size = USUAL_SIZE,
  ) {}

  /** Restarts the agent. */
  async start(): Promise<void> {
    const { host, journal, store, clock, hostId, name, size } = this;
    const ports = simulatedPorts({ host, size: { name, ...size }, clock });
    this.boots += 1;
    const bootId = `${hostId.slice(0, -4)}b${String(this.boots).padStart(3, '0')}`;
    this.agent = new HostAgent({
      hostId,
      ports: {
        ...ports,
        hypervisor: this.failing(ports.hypervisor),
        images: this.failing(ports.images),
        network: this.failing(ports.network),
      },
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

  /** The agent carries out a job as it comes out of its queue. */
  async take(sent: SentMessage): Promise<void> {
    await this.agent?.handle(received(sent));
  }

  private failing<T extends object>(port: T): T {
    return fallible(port, FALLIBLE, async (work) => {
      const { trouble } = this;
      if (trouble !== undefined) throw new JobFailure('hypervisor.failed', 'No, for once.', trouble === 'impossible');
      return await work();
    });
  }
}

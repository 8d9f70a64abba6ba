import type { Duplex } from 'node:stream';

import { MemoryEventStore, type EventStore, type RecordedEvent } from '@cairn/event-store';
import { deriveId } from '@cairn/domain';
import { agentStream, type HostJob, type InstanceSpec } from '@cairn/host-protocol';

import { SimulatedHost, simulatedPorts, severable } from '../drivers/simulated';
import { HostAgent } from '../host-agent';
import type { HostPorts } from '../jobs/job-context';
import type { Journal } from '../journal/journal';
import { MemoryJournal } from '../journal/memory-journal';
import type { Clock } from '../ports/clock.port';
import type { Controller } from '../ports/controller.port';
import { silentLog } from '../ports/log.port';

import { imageOf, instanceOf } from './specs';
import { VirtualClock } from './virtual-clock';

export const HOST_ID = '40570000-0000-4000-8000-000000000001';

const envelope = (what: string, n: number, generation: number): Omit<HostJob, 'kind' | 'payload'> => ({
  effectId: deriveId(what, n, generation),
  hostId: HOST_ID,
  resource: { category: 'instance', id: instanceOf(n).instanceId },
  generation,
});

/** @param over what its spec says besides. */
export const ensureJob = (n: number, generation = 1, over: Partial<InstanceSpec> = {}): HostJob<'ensure-instance'> => ({
  ...envelope('ensure', n, generation),
  kind: 'ensure-instance',
  payload: { spec: instanceOf(n, { image: imageOf({ sizeBytes: 1000 }), ...over }) },
});

export const rebootJob = (
  n: number,
  generation = 1,
  type: 'soft' | 'hard' = 'hard',
  over: Partial<InstanceSpec> = {},
): HostJob<'reboot-instance'> => ({
  ...envelope('reboot', n, generation),
  kind: 'reboot-instance',
  payload: { type, spec: ensureJob(n, generation, over).payload.spec },
});

export const rebuildJob = (
  n: number,
  generation = 1,
  over: Partial<InstanceSpec> = {},
): HostJob<'rebuild-instance'> => ({
  ...envelope('rebuild', n, generation),
  kind: 'rebuild-instance',
  payload: {
    spec: ensureJob(n, generation, { rootId: deriveId('root', n, generation), ...over }).payload.spec,
  },
});

export const snapshotJob = (
  n: number,
  generation = 1,
  over: Partial<InstanceSpec> = {},
): HostJob<'snapshot-instance'> => ({
  ...envelope('snapshot', n, generation),
  kind: 'snapshot-instance',
  payload: { spec: ensureJob(n, generation, over).payload.spec, imageId: deriveId('image', n, generation) },
});

export const removeJob = (n: number, generation = 1): HostJob<'remove-instance'> => ({
  ...envelope('remove', n, generation),
  kind: 'remove-instance',
  payload: {},
});

/** A process of the agent that can be killed at its n-th dealing with the world. */
export interface Process {
  readonly agent: HostAgent;
  /** Resolves when it is killed. */
  readonly death: Promise<void>;
}

/** A simulated host, its journal and the log: what outlives the processes of the agent that come and go. */
export class Lab {
  readonly clock = new VirtualClock();
  readonly host = new SimulatedHost();
  readonly journal = new MemoryJournal();
  readonly store = new MemoryEventStore(() => new Date(this.clock.now()).toISOString());
  readonly replies = new Map<string, string>();
  /** Consoles that the controller was given, by the request. */
  readonly consoles = new Map<string, Duplex>();
  /** Images that were sent, and how often. */
  readonly sent = new Map<string, number>();
  /** What the controller has to be set in a guest. */
  password: string | null = 'pa55';
  private boots = 0;

  readonly controller: Controller = {
    fetchImage: () => Promise.resolve(null),
    fetchDrive: () => Promise.resolve(new Map()),
    fetchPassword: () => Promise.resolve(this.password),
    announceImage: () => Promise.resolve(true),
    sendImage: (_instanceId, imageId) => {
      this.sent.set(imageId, (this.sent.get(imageId) ?? 0) + 1);
      return Promise.resolve('kept');
    },
    reply: (requestId, text) => {
      this.replies.set(requestId, text);
      return Promise.resolve();
    },
    joinConsole: (requestId, console) => {
      this.consoles.set(requestId, console);
      return Promise.resolve(true);
    },
  };

  /** Drivers of this host. */
  ports(clock: Clock = this.clock): HostPorts {
    return simulatedPorts({ host: this.host, size: { name: 'sim', vcpus: 8, ramMb: 8192, diskGb: 80 }, clock });
  }

  /** @param diesAt the dealing with the world at which the process is killed; it then hangs for ever. */
  process(diesAt = Number.POSITIVE_INFINITY, over: Partial<HostPorts> = {}, store: EventStore = this.store): Process {
    let steps = 0;
    let die: () => void = () => undefined;
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    const passes = (): boolean => {
      steps += 1;
      if (steps >= diesAt) die();
      return steps < diesAt;
    };
    const clock = severable(this.clock, (method) => method === 'now' || passes());
    const ports = { ...this.ports(clock), ...over };
    this.boots += 1;
    const bootId = `b0070000-0000-4000-8000-${String(this.boots).padStart(12, '0')}`;
    const agent = new HostAgent({
      hostId: HOST_ID,
      ports: {
        hypervisor: severable(ports.hypervisor, passes),
        consoles: ports.consoles,
        network: severable(ports.network, passes),
        images: severable(ports.images, passes),
        disks: severable(ports.disks, passes),
      },
      journal: severable<Journal>(this.journal, passes),
      store: severable<EventStore>(store, passes),
      controller: severable(this.controller, passes),
      clock,
      random: { uuid: () => bootId },
      log: silentLog,
    });
    return { agent, death };
  }

  async started(over: Partial<HostPorts> = {}): Promise<HostAgent> {
    const { agent } = this.process(undefined, over);
    await agent.start();
    return agent;
  }

  /** The agent's stream so far. */
  events(): readonly RecordedEvent[] {
    return this.store.all().filter(({ stream }) => stream === agentStream(HOST_ID));
  }

  /** Results of one effect, in order. */
  results({ effectId }: Pick<HostJob, 'effectId'>): readonly RecordedEvent[] {
    return this.events().filter(({ data }) => data['effectId'] === effectId);
  }
}

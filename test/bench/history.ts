import {
  aggregateOf,
  DEFAULT_FLAVORS,
  deriveId,
  type Effect,
  type FlavorRecord,
  type InstanceSpec,
  type Message,
  serverReservation,
  streamName,
  type StreamRef,
  streamRef,
} from '@cairn/domain';
import { type NewEvent, streamHash } from '@cairn/event-store';

import { hostUp, launchOf, limits, network } from '../../libs/domain/src/testing/model';

interface Stream {
  readonly state: unknown;
  readonly revision: number;
  readonly link: string;
}

/** Takes events that go behind a stream's last revision, -1 for none. */
export type Write = (stream: string, last: number, events: readonly NewEvent[]) => void;

const HOSTS = 20;
const FAR = { notAfter: '2100-01-01T00:00:00.000Z' };
const FIRST = Date.UTC(2026, 0, 1);
const hostIdOf = (number: number): string => deriveId('old host', number);

/** A cloud's past, decided by Cairn's own deciders, as fast as they decide. */
export class History {
  events = 0;
  private commands = 0;
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly write: Write) {}

  /** Hosts and a network; the hosts are closed for new servers by {@link close}. */
  begin(): void {
    const ample = { vcpus: 1_000_000, ramMb: 1_000_000_000, diskGb: 100_000_000 };
    const hosts = Array.from({ length: HOSTS }, (_, i) => ({
      hostId: hostIdOf(i + 1),
      name: `old-${String(i + 1)}`,
      number: 1_001 + i,
    }));
    const furnishings = [...hosts.flatMap((host) => hostUp(host, ample)), network({ cidr: '10.0.0.0/9' })];
    for (const { target, command } of furnishings) this.execute(target, command);
  }

  close(): void {
    for (let number = 1; number <= HOSTS; number += 1)
      this.execute(streamRef('host', hostIdOf(number)), { type: 'DisableHost', data: { reason: 'old' } });
  }

  /** A server that is launched, stopped and started so many times, and deleted or not. */
  server(number: number, projectId: string, restarts: number, deleted: boolean): void {
    const { rxtxFactor: _factor, isPublic: _public, ...flavor } = DEFAULT_FLAVORS[0] as FlavorRecord;
    const instanceId = deriveId('old server', number);
    const instance = streamRef('instance', instanceId);
    const quota = streamRef('quota', projectId);
    if (!this.streams.has(streamName(quota)))
      this.execute(quota, limits(projectId, { instances: -1, cores: -1, ram: -1 }).command);
    const reservations = [serverReservation(instanceId, flavor)];
    this.execute(quota, { type: 'ReserveQuota', data: { reservations } });
    const name = `old-${String(number)}`;
    const request = launchOf({ instanceId, projectId, number: 100_000 + number, name, hostname: name, flavor });
    this.execute(instance, { type: 'LaunchInstance', data: request });
    this.execute(quota, { type: 'ConfirmQuota', data: { owners: [instance] } });
    this.settle(instance, number);
    for (let i = 0; i < restarts; i += 1) {
      this.execute(instance, { type: 'StopInstance', data: FAR });
      this.settle(instance, number);
      this.execute(instance, { type: 'StartInstance', data: FAR });
      this.settle(instance, number);
    }
    if (deleted) {
      this.execute(instance, { type: 'DeleteInstance', data: {} });
      this.settle(instance, number);
    }
    this.streams.delete(streamName(instance)); // nothing happens to it any more
  }

  private settle(owner: StreamRef, number: number): void {
    const due = (): Effect | undefined =>
      aggregateOf(owner.category)?.due?.(this.streams.get(streamName(owner))?.state)[0];
    for (let effect = due(); effect !== undefined; effect = due()) this.execute(owner, this.outcome(effect, number));
  }

  private outcome(effect: Effect, number: number): Message {
    if (effect.kind === 'command') return effect.onDone(this.execute(effect.target, effect.command));
    const host = 1 + (number % HOSTS);
    if (effect.kind === 'place') return effect.onDone({ hostId: hostIdOf(host), hostName: `old-${String(host)}` });
    const { spec } = effect.job.payload as { readonly spec?: InstanceSpec };
    return effect.onDone(
      { power: spec?.power ?? 'absent', timings: { image: 0, disk: 5, network: 5, start: 5 } },
      null,
    );
  }

  private execute(ref: StreamRef, command: Message): unknown {
    const aggregate = aggregateOf(ref.category);
    if (aggregate === undefined) throw new Error(`no aggregate ${ref.category}`);
    const name = streamName(ref);
    const before = this.streams.get(name) ?? { state: aggregate.initial, revision: -1, link: '' };
    this.commands += 1;
    const commandId = deriveId('old command', this.commands);
    const at = new Date(FIRST + this.events * 1_000).toISOString();
    const decided = aggregate.decide(command, before.state, { commandId, at });
    let after = before;
    const events = decided.map(({ type, data }, i): NewEvent => {
      const metadata = { ...PROVENANCE, commandId, $correlationId: commandId, $causationId: commandId, at };
      const bare = { id: deriveId(commandId, i), type, data: { ...data }, metadata };
      const link = streamHash(after.link, bare);
      const state = aggregate.evolve(after.state, { type, data }, { commandId, at });
      after = { state, revision: after.revision + 1, link };
      return { ...bare, metadata: { ...metadata, streamHash: link } };
    });
    this.streams.set(name, after);
    this.events += events.length;
    if (events.length > 0) this.write(name, before.revision, events);
    return aggregate.answer?.(command, after.state);
  }
}

/** As long as in a real event. */
const PROVENANCE = {
  commandHash: ''.padEnd(64, '0'),
  actor: { userId: ''.padEnd(32, 'u'), projectId: ''.padEnd(32, 'p'), domainId: 'default', roles: ['member'] },
  api: 'compute',
  requestId: `req-${deriveId('old request')}`,
  clientAddress: '127.0.0.1',
};

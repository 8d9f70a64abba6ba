import {
  type AnyAggregate,
  aggregateOf,
  type Effect,
  type Flavor,
  type FloatingIp,
  type FloatingPool,
  type Host,
  type Instance,
  type Network,
  parseStream,
  type Quota,
  type Registry,
  type SecurityGroups,
  streamName,
  type StreamRef,
  upcast,
} from '@cairn/domain';
import { linkOf, type RecordedEvent, streamHash } from '@cairn/event-store';

import type { SimulatedHost } from '../../../apps/agent/src/drivers/simulated';
import { contextOf } from '../../../apps/controller/src/runtime/event-metadata';
import { EffectSteps } from '../effect-steps';
import { short } from '../log-answers';
import type { Trace } from '../trace';

import { addressesHeldOnce } from './addresses';
import { networksGivenOnce } from './first-networks';
import { AgentReports } from './agents';
import { capacityHolds } from './capacity';
import { commandsHappenOnce } from './commands';
import { lifeGoesForward } from './lifecycle';
import { outcomesAreOfWhatIsOwed } from './outcomes';
import { quotaHolds } from './quota';
import type { Rule } from './rule';
import { zonesHold } from './zones';

/** States by the category of their streams. */
interface States {
  readonly flavor: Flavor;
  readonly floatingip: FloatingIp;
  readonly floatingpool: FloatingPool;
  readonly host: Host;
  readonly instance: Instance;
  readonly network: Network;
  readonly quota: Quota;
  readonly registry: Registry;
  readonly securitygroups: SecurityGroups;
}

interface Stream {
  readonly ref: StreamRef;
  readonly aggregate: AnyAggregate;
  state: unknown;
}

/** Streams that are no chain: only their newest event is kept. */
const UNCHAINED: ReadonlySet<string> = new Set(['snapshot', 'relay']);

/** Reads the log as it grows, trusts nobody, and reports each violation at once. */
export class Auditor {
  readonly violations: string[] = [];
  readonly steps = new EffectSteps();
  private readonly streams = new Map<string, Stream>();
  private readonly links = new Map<string, string>();
  private readonly reports = new AgentReports();
  private readonly rules: readonly Rule[];

  /** @param more rules that look at more than the log */
  constructor(
    private readonly trace: Trace,
    more: readonly Rule[] = [],
  ) {
    this.rules = [
      commandsHappenOnce(),
      lifeGoesForward,
      outcomesAreOfWhatIsOwed,
      capacityHolds,
      quotaHolds,
      addressesHeldOnce(),
      networksGivenOnce(),
      zonesHold(),
      ...more,
    ];
  }

  committed(event: RecordedEvent): void {
    const { stream, type } = event;
    this.trace.add('log', `${short(stream)}#${String(event.revision)} ${type}`);
    const ref = parseStream(stream);
    if (ref === undefined || UNCHAINED.has(ref.category)) return;
    this.checkChain(event);
    if (ref.category === 'agent') this.claim(this.reports.check(event));
    const aggregate = aggregateOf(ref.category);
    if (aggregate === undefined) return;
    const known = this.streams.get(stream) ?? { ref, aggregate, state: aggregate.initial };
    this.streams.set(stream, known);
    const before = known.state;
    known.state = aggregate.evolve(before, upcast({ type, data: event.data }), contextOf(event));
    this.steps.note(aggregate.due?.(known.state) ?? []);
    for (const rule of this.rules) this.claim(rule({ event, ref, before, after: known.state }));
  }

  /** No instance ever runs on two hosts, and no host does what would harm a tenant. */
  hostChanged(hosts: readonly { readonly name: string; readonly host: SimulatedHost }[]): void {
    const running = new Map<string, string>();
    for (const { name, host } of hosts) {
      for (const violation of host.violations.splice(0)) this.claim(`${name}: ${violation}`);
      for (const [id, domain] of host.domains) {
        if (!domain.running) continue;
        const other = running.get(id);
        if (other !== undefined) this.claim(`${id} runs on ${other} and on ${name}`);
        running.set(id, name);
      }
    }
  }

  /** All states of a category by id, in the order in which their streams began. */
  all<C extends keyof States>(category: C): readonly (readonly [string, States[C]])[] {
    return [...this.streams.values()]
      .filter(({ ref }) => ref.category === category)
      .map(({ ref, state }) => [ref.id, state as States[C]] as const);
  }

  /** The state of one; undefined before its stream begins. */
  of<C extends keyof States>(category: C, id: string): States[C] | undefined {
    return this.streams.get(streamName({ category, id }))?.state as States[C] | undefined;
  }

  /** What streams owe now. */
  owed(): readonly { readonly stream: string; readonly effect: Effect }[] {
    return [...this.streams].flatMap(([stream, { aggregate, state }]) =>
      (aggregate.due?.(state) ?? []).map((effect) => ({ stream, effect })),
    );
  }

  claim(violation: string | undefined): void {
    if (violation === undefined) return;
    this.violations.push(violation);
    this.trace.add('VIOLATION', violation);
  }

  private checkChain(event: RecordedEvent): void {
    const { stream, revision } = event;
    const link = linkOf(event);
    if (link !== streamHash(this.links.get(stream) ?? '', event))
      this.claim(`${stream}#${String(revision)} breaks its chain`);
    this.links.set(stream, link);
  }
}

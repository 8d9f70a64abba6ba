import { type Effect, type Instance, parseStream, type Quota, streamName } from '@cairn/domain';

import { checkSettled } from '../sim/invariants/settled';

import { checkApi } from './api-agrees';
import type { FoundHost } from './hosts';
import { isAtRest, isInFlight, type Operation } from './operations';
import { type Seen, wrongWith } from './outcome';
import type { Tenant } from './tenant';
import type { Witness } from './witness';

export interface JudgeOptions {
  readonly hosts: () => Promise<readonly FoundHost[]>;
  /** How long everything may take to come to its end. */
  readonly recoverWithinMs: number;
  /** How a failing round is run again. */
  readonly repeatBy: (seed: string) => string;
}

/** A reservation may wait to be settled, unless others of its request were launched: those may yet be undone. */
function mayWait(effect: Effect, quota: Quota | undefined, launched: ReadonlyMap<string, Instance>): boolean {
  if (effect.kind !== 'command' || effect.command.type !== 'AbandonCreation' || quota === undefined) return false;
  const group = quota.unconfirmed.get(streamName(effect.target))?.group;
  const ids = [...quota.unconfirmed.values()].flatMap((pending) => (pending.group === group ? [pending.owner.id] : []));
  return ids.every((id) => launched.has(id)) || ids.every((id) => !launched.has(id));
}

/** Holds a cloud to its promises: by its log, by its API and on its hosts. */
export class Judge {
  /** Every server that was ever asked for. */
  readonly asked = new Set<string>();

  constructor(
    private readonly options: JudgeOptions,
    private readonly tenant: Tenant,
    private readonly admin: Tenant,
    readonly witness: Witness,
  ) {}

  /** Once every half-done request is settled, no stream owes anything and nothing is held for nobody. */
  async checkEnd(): Promise<void> {
    const { auditor } = this.witness;
    await this.until('the end', () =>
      auditor.owed().length === 0 ? undefined : `${String(auditor.owed().length)} are owed`,
    );
    checkSettled(auditor, await this.options.hosts());
    this.complain('the end', await this.wrongOutside());
  }

  /** Lets everything that was asked come to its end. */
  settle(seed: string, operations: readonly Operation[], killed = false): Promise<void> {
    return this.until(seed, () => this.unsettled(operations, killed));
  }

  inFlight(operations: readonly Operation[]): number {
    const instances = this.instances();
    return operations.filter((operation) => isInFlight(operation, (id) => instances.get(id))).length;
  }

  /** Complaints of the log's auditor, of hosts and API against it, and of things that nobody asked for. */
  async wrongOutside(): Promise<readonly string[]> {
    const { auditor, seen } = this.witness;
    const down = seen.get('host.went-down.v1') ?? 0;
    const unasked = [...this.instances().keys()].filter((id) => !this.asked.has(id));
    return [
      ...auditor.violations.splice(0),
      ...(down === 0 ? [] : [`a host was declared down ${String(down)} times`]),
      ...unasked.map((id) => `nobody asked for server ${id}`),
      ...(await checkApi(auditor, this.tenant, this.admin)),
    ];
  }

  /** Servers by the log, with how often their hosts have started them. */
  async look(): Promise<ReadonlyMap<string, Seen>> {
    const domains = (await this.options.hosts()).flatMap(({ host }) => [...host.domains]);
    const starts = new Map(domains.map(([id, domain]) => [id, domain.starts]));
    return new Map(
      [...this.instances()].map(([id, { vmState }]) => [
        id,
        { vmState, starts: starts.has(id) ? (starts.get(id) ?? null) : 0 },
      ]),
    );
  }

  complain(seed: string, wrong: readonly string[]): void {
    if (wrong.length === 0) return;
    const lines = this.witness.trace.tail(80).join('\n');
    throw new Error(
      `${seed}:\n- ${wrong.join('\n- ')}\nthe log's last events:\n${lines}\nagain: ${this.options.repeatBy(seed)}`,
    );
  }

  /** Everything that must hold when a round's operations have come to their end. @throws Error with all that does not */
  async check(seed: string, before: ReadonlyMap<string, Seen>, operations: readonly Operation[]): Promise<void> {
    checkSettled(this.witness.auditor, await this.options.hosts(), { reservationsMayWait: true });
    const after = await this.look();
    const touched = new Set(operations.flatMap(({ servers }) => servers));
    const others = [...before].filter(([id, was]) => !touched.has(id) && was.vmState !== 'deleted');
    const changed = others.filter(([id, was]) => JSON.stringify(was) !== JSON.stringify(after.get(id)));
    this.complain(seed, [
      ...operations.flatMap((operation) => wrongWith(operation, before, after) ?? []),
      ...changed.map(([id, was]) => `${id} was ${JSON.stringify(was)} and is ${JSON.stringify(after.get(id))}`),
      ...(await this.wrongOutside()),
    ]);
  }

  instances(): ReadonlyMap<string, Instance> {
    return new Map(this.witness.auditor.all('instance').filter(([, { request }]) => request !== undefined));
  }

  /** The outstanding work, in words; undefined when all is at rest. */
  private unsettled(operations: readonly Operation[], killed: boolean): string | undefined {
    const { auditor, isCurrent } = this.witness;
    if (!isCurrent) return 'the log is away';
    if (killed && this.inFlight(operations) > 0) return `${String(this.inFlight(operations))} are on their way`;
    const moving = [...this.instances()].find(([, instance]) => !isAtRest(instance));
    if (moving !== undefined) return `${moving[0]} has not come to its end`;
    const quotas = new Map(auditor.all('quota'));
    const owed = auditor
      .owed()
      .find(({ stream, effect }) => !mayWait(effect, quotas.get(parseStream(stream)?.id ?? ''), this.instances()));
    return owed === undefined ? undefined : `${owed.stream} owes ${owed.effect.id}`;
  }

  /** Waits until nothing is in the way, and nothing has happened for a moment. */
  async until(seed: string, inTheWay: () => string | undefined): Promise<void> {
    const end = Date.now() + this.options.recoverWithinMs;
    for (let quietSince = Infinity, events = -1; ;) {
      const obstacle = inTheWay();
      if (obstacle !== undefined || events !== this.witness.events) quietSince = Infinity;
      else if (quietSince === Infinity) quietSince = Date.now();
      if (Date.now() - quietSince >= 150) return;
      if (Date.now() > end)
        this.complain(seed, [`not within ${String(this.options.recoverWithinMs)} ms: ${obstacle ?? 'quiet'}`]);
      events = this.witness.events;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

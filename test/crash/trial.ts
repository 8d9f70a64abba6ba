import type { Instance } from '@cairn/domain';

import type { Cloud } from '../e2e/cloud';
import { checkSettled } from '../sim/invariants/settled';
import { Random } from '../sim/random';

import { checkApi } from './api-agrees';
import type { FoundHost } from './hosts';
import {
  type Choice,
  drawOperations,
  isAccepted,
  isAtRest,
  isInFlight,
  isOpen,
  launchOf,
  type Mix,
  type Operation,
  operationOn,
  send,
  serversByAnswer,
} from './operations';
import { type Seen, wrongWith } from './outcome';
import { Tenant } from './tenant';
import { Witness } from './witness';

export const VICTIMS = ['controller', 'agent', 'eventstore'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Fewer operations on their way than this, and a kill proves little: the round does not count. */
export const LEAST_IN_FLIGHT = 5;

export interface TrialOptions {
  readonly image: string;
  readonly mix: Mix;
  /** The kill comes after this many events of the round at most. */
  readonly lastKill: number;
  readonly hosts: () => Promise<readonly FoundHost[]>;
  /** How long everything may take to come to its end after the kill. */
  readonly recoverWithinMs: number;
  /** How a failing round is run again. */
  readonly repeatBy: (seed: string) => string;
}

/** A round as the report shows it. */
export interface Round {
  readonly seed: string;
  readonly victim: Victim;
  /** Where in the log it was killed: its event of the round, and the position in `$all`. */
  readonly afterEvents: number;
  readonly position: string;
  readonly asked: number;
  readonly inFlight: number;
  readonly unanswered: number;
  /** From the kill until another process had its place, and until everything had come to its end. */
  readonly restartedMs: number;
  readonly recoveredMs: number;
}

interface Kill {
  readonly at: number;
  readonly pid: number;
  readonly position: string;
  readonly inFlight: number;
  readonly agentStarts: number;
}

/** A running cloud of which a process is killed again and again while it works. */
export class Trial {
  private readonly asked = new Set<string>();

  private constructor(
    private readonly cloud: Cloud,
    private readonly options: TrialOptions,
    readonly tenant: Tenant,
    private readonly admin: Tenant,
    readonly witness: Witness,
  ) {}

  static async begin(cloud: Cloud, options: TrialOptions): Promise<Trial> {
    const tenant = await Tenant.login(cloud, 'demo');
    return new Trial(cloud, options, tenant, await Tenant.login(cloud, 'admin'), new Witness(cloud.logUrl));
  }

  end(): Promise<void> {
    return this.witness.close();
  }

  /**
   * One round; undefined when it does not count, because too little was on its way or the position was never reached.
   * @throws Error with everything that is wrong and how to see it again
   */
  async round(seed: string): Promise<Round | undefined> {
    const random = new Random(seed);
    const victim = random.pick(VICTIMS);
    const afterEvents = random.int(1, this.options.lastKill);
    const before = await this.look();
    const { mix } = this.options;
    const operations = drawOperations(random.fork('operations'), seed, this.tenant, choiceOf(before), mix);
    const { kill, answered } = await this.attack(victim, afterEvents, operations);
    await answered;
    const restartedMs = kill === undefined ? 0 : await this.restarted(victim, kill);
    const unanswered = operations.filter(isOpen);
    await this.settle(seed, operations, kill);
    const recoveredMs = Date.now() - (kill?.at ?? 0);
    await this.repeat(unanswered.filter(() => random.chance(0.5)));
    await this.settle(seed, operations, kill);
    await this.check(seed, before, operations);
    if (kill === undefined || kill.inFlight < LEAST_IN_FLIGHT) return undefined;
    const { position, inFlight } = kill;
    const [asked, open] = [operations.length, unanswered.length];
    return { seed, victim, afterEvents, position, asked, inFlight, unanswered: open, restartedMs, recoveredMs };
  }

  /** Launches that many servers and stops some of them, so that there is something to stop, start, reboot and delete. */
  async populate(count: number, stopped: number): Promise<void> {
    const launches = Array.from({ length: count }, (_, i) =>
      launchOf(this.tenant, `first/${String(i)}`, `first-${String(i)}`),
    );
    await this.carryOut('first', launches);
    const ids = launches.slice(0, stopped).flatMap(({ servers }) => servers);
    await this.carryOut(
      'first',
      ids.map((id) => operationOn('stop', 'first', id)),
    );
  }

  /** Deletes every server. */
  async clear(): Promise<void> {
    const live = [...(await this.look())].filter(([, { vmState }]) => vmState !== 'deleted');
    await this.carryOut(
      'last',
      live.map(([id]) => operationOn('delete', 'last', id)),
    );
  }

  /** When everybody has had the time to settle what was left half done, nothing at all is owed or held for nobody. */
  async checkEnd(): Promise<void> {
    const { auditor } = this.witness;
    await this.until('the end', () =>
      auditor.owed().length === 0 ? undefined : `${String(auditor.owed().length)} are owed`,
    );
    checkSettled(auditor, await this.options.hosts());
    this.complain('the end', await this.wrongOutside());
  }

  /** Lets everything that was asked come to its end. */
  settle(seed: string, operations: readonly Operation[], kill?: Kill): Promise<void> {
    return this.until(seed, () => this.unsettled(operations, kill));
  }

  /** Sends all at once, and does what is to happen when the log has grown by that many events. */
  async at(
    afterEvents: number,
    operations: readonly Operation[],
    act: (position: string) => void,
  ): Promise<{ readonly answered: Promise<unknown> }> {
    const last = this.witness.events + afterEvents;
    const reached = new Promise<void>((resolve) => {
      this.witness.onEvent = ({ position }) => {
        if (this.witness.events < last) return;
        this.witness.onEvent = () => undefined;
        act(String(position));
        resolve();
      };
    });
    const answered = Promise.all(operations.map((operation) => this.send(operation)));
    await Promise.race([reached, answered.then(() => this.settle('before the kill', operations))]);
    this.witness.onEvent = () => undefined;
    return { answered };
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

  async send(operation: Operation): Promise<void> {
    const ask = (): void => {
      if (operation.kind === 'launch') for (const id of operation.servers) this.asked.add(id);
    };
    ask();
    operation.answer = await send(this.tenant, operation, this.options.image);
    if (operation.kind === 'launch') operation.servers = serversByAnswer(this.tenant, operation);
    ask();
  }

  private async carryOut(seed: string, operations: readonly Operation[]): Promise<void> {
    const before = await this.look();
    await Promise.all(operations.map((operation) => this.send(operation)));
    await this.settle(seed, operations);
    await this.check(seed, before, operations);
  }

  private async attack(
    victim: Victim,
    afterEvents: number,
    operations: readonly Operation[],
  ): Promise<{ readonly kill: Kill | undefined; readonly answered: Promise<unknown> }> {
    let kill: Kill | undefined;
    const { answered } = await this.at(afterEvents, operations, (position) => {
      const pid = this.cloud.pid(victim);
      if (pid === undefined) throw new Error(`${victim} does not run`);
      process.kill(pid, 'SIGKILL');
      kill = { at: Date.now(), pid, position, inFlight: this.inFlight(operations), agentStarts: this.agentStarts() };
    });
    return { kill, answered };
  }

  /** Its supervisor has started it again. */
  private async restarted(victim: Victim, kill: Kill): Promise<number> {
    const pid = (): number | undefined => this.cloud.pid(victim);
    await this.until(victim, () => (pid() === undefined || pid() === kill.pid ? `${victim} is gone` : undefined));
    if (victim === 'agent') {
      const wanted = kill.agentStarts + (await this.options.hosts()).length;
      await this.until(victim, () => (this.agentStarts() < wanted ? 'the agent has not said that it runs' : undefined));
    }
    return Date.now() - kill.at;
  }

  private agentStarts(): number {
    return this.witness.seen.get('agent.started.v1') ?? 0;
  }

  /** Asks again for what got no answer: with the same key it must be the same thing. */
  private async repeat(operations: readonly Operation[]): Promise<void> {
    await Promise.all(
      operations.map(async (operation) => {
        for (let tries = 0; tries < 100 && isOpen(operation); tries += 1) {
          await this.send(operation);
          if (isOpen(operation)) await new Promise((resolve) => setTimeout(resolve, 200));
        }
        if (!isAccepted(operation)) this.witness.auditor.claim(`a repeat of ${operation.key} is not accepted`);
      }),
    );
  }

  private async check(
    seed: string,
    before: ReadonlyMap<string, Seen>,
    operations: readonly Operation[],
  ): Promise<void> {
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

  private instances(): ReadonlyMap<string, Instance> {
    return new Map(this.witness.auditor.all('instance').filter(([, { request }]) => request !== undefined));
  }

  /** What is still to happen, in words; undefined when all is at rest. */
  private unsettled(operations: readonly Operation[], kill: Kill | undefined): string | undefined {
    const { auditor, isCurrent } = this.witness;
    if (!isCurrent) return 'the log is away';
    if (kill !== undefined && this.inFlight(operations) > 0)
      return `${String(this.inFlight(operations))} are on their way`;
    const moving = [...this.instances()].find(([, instance]) => !isAtRest(instance));
    if (moving !== undefined) return `${moving[0]} has not come to its end`;
    const owed = auditor
      .owed()
      .find(({ effect }) => !(effect.kind === 'command' && effect.command.type === 'AbandonLaunch'));
    return owed === undefined ? undefined : `${owed.stream} owes ${owed.effect.id}`;
  }

  /** Waits until nothing is in the way, and nothing has happened for a moment. */
  private async until(seed: string, inTheWay: () => string | undefined): Promise<void> {
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

function choiceOf(seen: ReadonlyMap<string, Seen>): Choice {
  const inState = (state: Instance['vmState']): readonly string[] =>
    [...seen].filter(([, { vmState }]) => vmState === state).map(([id]) => id);
  return { active: inState('active'), stopped: inState('stopped') };
}

import type { Instance } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

import type { Cloud } from '../e2e/cloud';
import { Random } from '../sim/random';

import { Judge, type JudgeOptions } from './judge';
import {
  type Choice,
  drawOperations,
  isAccepted,
  isOpen,
  launchOf,
  type Mix,
  type Operation,
  operationOn,
  send,
  serversByAnswer,
} from './operations';
import type { Seen } from './outcome';
import { Tenant } from './tenant';
import { Witness } from './witness';

export const VICTIMS = ['controller', 'agent', 'eventstore'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Fewer operations on their way than this, and a kill proves little: the round does not count. */
export const LEAST_IN_FLIGHT = 5;

export interface TrialOptions extends JudgeOptions {
  readonly image: string;
  readonly mix: Mix;
  /** The kill comes after this many events of the round at most. */
  readonly lastKill: number;
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

/** A running cloud that loses one process after another while it works. */
export class Trial {
  private constructor(
    private readonly cloud: Cloud,
    private readonly options: TrialOptions,
    readonly tenant: Tenant,
    readonly judge: Judge,
  ) {}

  static async begin(cloud: Cloud, options: TrialOptions): Promise<Trial> {
    const tenant = await Tenant.login(cloud, 'demo');
    const admin = await Tenant.login(cloud, 'admin');
    return new Trial(cloud, options, tenant, new Judge(options, tenant, admin, new Witness(cloud.logUrl)));
  }

  end(): Promise<void> {
    return this.judge.witness.close();
  }

  /**
   * One round; undefined when it does not count, because too little was on its way or the position was never reached.
   * @throws Error with everything that is wrong and how to see it again
   */
  async round(seed: string): Promise<Round | undefined> {
    const random = new Random(seed);
    const victim = random.pick(VICTIMS);
    const afterEvents = random.int(1, this.options.lastKill);
    const before = await this.judge.look();
    const { mix } = this.options;
    const operations = drawOperations(random.fork('operations'), seed, this.tenant, choiceOf(before), mix);
    const { kill, answered } = await this.attack(victim, afterEvents, operations);
    await answered;
    const restartedMs = kill === undefined ? 0 : await this.restarted(victim, kill);
    const unanswered = operations.filter(isOpen);
    await this.judge.settle(seed, operations, kill !== undefined);
    const recoveredMs = Date.now() - (kill?.at ?? 0);
    await this.repeat(unanswered.filter(() => random.chance(0.5)));
    await this.judge.settle(seed, operations, kill !== undefined);
    await this.judge.check(seed, before, operations);
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
    const live = [...(await this.judge.look())].filter(([, { vmState }]) => vmState !== 'deleted');
    await this.carryOut(
      'last',
      live.map(([id]) => operationOn('delete', 'last', id)),
    );
  }

  /** Sends all at once, and does what is to happen at the event that is waited for, the n-th since then. */
  async at(
    awaited: (event: RecordedEvent, n: number) => boolean,
    operations: readonly Operation[],
    act: (position: string) => void,
  ): Promise<{ readonly answered: Promise<unknown> }> {
    const { witness } = this.judge;
    const before = witness.events;
    const reached = new Promise<void>((resolve) => {
      witness.onEvent = (event) => {
        if (!awaited(event, witness.events - before)) return;
        witness.onEvent = () => undefined;
        act(String(event.position));
        resolve();
      };
    });
    const answered = Promise.all(operations.map((operation) => this.send(operation)));
    await Promise.race([reached, answered.then(() => this.judge.settle('before the kill', operations))]);
    witness.onEvent = () => undefined;
    return { answered };
  }

  async send(operation: Operation): Promise<void> {
    const ask = (): void => {
      if (operation.kind === 'launch') for (const id of operation.servers) this.judge.asked.add(id);
    };
    ask();
    operation.answer = await send(this.tenant, operation, this.options.image);
    if (operation.kind === 'launch') operation.servers = serversByAnswer(this.tenant, operation);
    ask();
  }

  private async carryOut(seed: string, operations: readonly Operation[]): Promise<void> {
    const before = await this.judge.look();
    await Promise.all(operations.map((operation) => this.send(operation)));
    await this.judge.settle(seed, operations);
    await this.judge.check(seed, before, operations);
  }

  private async attack(
    victim: Victim,
    afterEvents: number,
    operations: readonly Operation[],
  ): Promise<{ readonly kill: Kill | undefined; readonly answered: Promise<unknown> }> {
    let kill: Kill | undefined;
    const { answered } = await this.at(
      (_event, n) => n >= afterEvents,
      operations,
      (position) => {
        const pid = this.cloud.pid(victim);
        if (pid === undefined) throw new Error(`${victim} does not run`);
        process.kill(pid, 'SIGKILL');
        kill = {
          at: Date.now(),
          pid,
          position,
          inFlight: this.judge.inFlight(operations),
          agentStarts: this.agentStarts(),
        };
      },
    );
    return { kill, answered };
  }

  /** Its supervisor has started it again. */
  private async restarted(victim: Victim, kill: Kill): Promise<number> {
    const pid = (): number | undefined => this.cloud.pid(victim);
    await this.judge.until(victim, () => (pid() === undefined || pid() === kill.pid ? `${victim} is gone` : undefined));
    if (victim === 'agent') {
      const wanted = kill.agentStarts + (await this.options.hosts()).length;
      await this.judge.until(victim, () =>
        this.agentStarts() < wanted ? 'the agent has not said that it runs' : undefined,
      );
    }
    return Date.now() - kill.at;
  }

  private agentStarts(): number {
    return this.judge.witness.seen.get('agent.started.v1') ?? 0;
  }

  /** Asks again for what got no answer: with the same key it must be the same thing. */
  private async repeat(operations: readonly Operation[]): Promise<void> {
    await Promise.all(
      operations.map(async (operation) => {
        for (let tries = 0; tries < 100 && isOpen(operation); tries += 1) {
          await this.send(operation);
          if (isOpen(operation)) await new Promise((resolve) => setTimeout(resolve, 200));
        }
        if (!isAccepted(operation)) this.judge.witness.auditor.claim(`a repeat of ${operation.key} is not accepted`);
      }),
    );
  }
}

function choiceOf(seen: ReadonlyMap<string, Seen>): Choice {
  const choice = new Map<Instance['vmState'], readonly string[]>();
  for (const [id, { vmState }] of seen) choice.set(vmState, [...(choice.get(vmState) ?? []), id]);
  for (const vmState of ['absent', 'deleted', 'error', 'building'] as const) choice.delete(vmState);
  return choice;
}

import { isLaunching } from '@cairn/domain';

import { projections } from '../../libs/projections/src/projections';
import { MemoryReadModel } from '../../libs/projections/src/runner/memory-read-model';
import { ReadModelRunner } from '../../libs/projections/src/runner/runner';

import { Clients } from './client';
import { Faults } from './faults';
import { checkReachability } from './invariants/reachability';
import { checkReceipts } from './invariants/receipts';
import { checkRequests } from './invariants/requests';
import { checkRowsAgainstStreams, checkSameRows } from './invariants/read-models';
import { checkFloating } from './invariants/floating';
import { checkGateways } from './invariants/gateways';
import { checkSettled } from './invariants/settled';
import { drawPlan, type Plan } from './plan';
import { Random } from './random';
import { furnish } from './setup';
import { Workload } from './workload';
import { World } from './world';

export interface Result {
  readonly seed: number;
  readonly violations: readonly string[];
  /** SHA-256 of the trace: the same seed gives the same. */
  readonly hash: string;
  readonly events: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: ReadonlyMap<string, number>;
  /** How often a process died at which dealing with the world. */
  readonly deaths: ReadonlyMap<string, number>;
  /** How often it died at which step of an effect; see `crashKey`. */
  readonly crashes: ReadonlyMap<string, number>;
  /** How many controllers ran at once. */
  readonly controllers: number;
  readonly lastLines: readonly string[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The longest that a launch by the handler may take. */
const LAUNCH_LIMIT_MS = 30 * MINUTE;
/** A launch may end this much later than its limit: its effects may be backing off. */
const GRACE_MS = 6 * MINUTE;
const QUIET_LIMIT_MS = 60 * MINUTE;

/** Runs one world from its seed to its end. `show` gets the trace line by line. */
export async function simulate(seed: number, show?: (line: string) => void): Promise<Result> {
  const random = new Random(`cairn/${String(seed)}`);
  const simulation = new Simulation(drawPlan(random.fork('plan')), random, show);
  await simulation.run();
  return simulation.result(seed);
}

class Simulation {
  private readonly world: World;
  private readonly clients: Clients;
  private readonly faults: Faults;
  private readonly began: number;

  constructor(
    private readonly plan: Plan,
    private readonly random: Random,
    show: ((line: string) => void) | undefined,
  ) {
    this.world = new World(plan, random, show);
    this.began = this.world.time.now;
    this.clients = new Clients(this.world, random.fork('clients'));
    this.faults = new Faults(this.world, this.clients, random.fork('faults'));
  }

  async run(): Promise<void> {
    const { world } = this;
    if (this.plan.startsEmpty) {
      for (const site of world.controllers) site.start();
      await this.pass(SECOND);
    }
    let furnished = false;
    void furnish(world).then(() => (furnished = true));
    await world.time.pass(MINUTE, () => furnished);
    for (const site of world.controllers) site.start();
    for (const machine of world.machines) machine.startAgent();
    await this.pass(5 * SECOND);
    const busy = new Workload(world, this.clients, this.random.fork('workload')).begin();
    this.faults.begin(busy);
    await this.pass(this.plan.busyMs + 1);
    world.trace.add('world', 'nothing goes wrong any more');
    world.isCalm = true;
    this.faults.end();
    await this.endLaunches();
    world.trace.add('world', 'all hosts have power again');
    for (const machine of world.machines) machine.powerOn();
    await this.settle();
    const rebuilt = await this.rebuilt();
    this.checkReadModels(rebuilt);
    await this.restartFromNothing();
    this.checkReadModels(rebuilt);
  }

  result(seed: number): Result {
    const { world, clients, faults } = this;
    const { auditor, trace, logServer, time, deaths, crashes } = world;
    return {
      seed,
      violations: auditor.violations,
      hash: trace.hash(),
      events: logServer.log.all().length,
      steps: time.steps,
      virtualMs: time.now - this.began,
      answers: clients.summary,
      faults: faults.happened,
      deaths,
      crashes,
      controllers: world.controllers.length,
      lastLines: trace.tail(30),
    };
  }

  /** While some hosts are still dead: no launch waits for them beyond its limit. */
  private async endLaunches(): Promise<void> {
    const { auditor, time, logServer } = this.world;
    const log = logServer.log.all();
    const launching = (): readonly string[] =>
      auditor.all('instance').flatMap(([id, state]) => (isLaunching(state) ? [id] : [])); // a move has an end of its own
    const limit = Math.max(this.plan.launchLimitMs, LAUNCH_LIMIT_MS) + GRACE_MS;
    let [looked, left] = [-1, true];
    await this.pass(limit, () => {
      if (looked < log.length) [looked, left] = [log.length, launching().length > 0];
      return this.clients.pending === 0 && !left;
    });
    for (const id of launching()) auditor.claim(`${id} is still being launched at ${time.iso}, after its limit`);
  }

  /** Runs until nobody has anything left to do, and checks the outcome. */
  private async settle(): Promise<void> {
    const { auditor, machines, queue, logServer, controllers, time } = this.world;
    const awake = (): boolean => controllers.every(({ front }) => front?.process.stalledSince(time.now) !== true);
    const idle = (): boolean => this.clients.pending === 0 && queue.size === 0 && auditor.owed().length === 0;
    const quiet = (): boolean => idle() && awake();
    for (let waited = 0; waited < QUIET_LIMIT_MS && !this.failed(); waited += 10 * SECOND) {
      await this.pass(SECOND);
      if (!quiet()) continue;
      const before = logServer.log.all().length;
      await this.pass(9 * SECOND);
      if (quiet() && logServer.log.all().length === before) break;
    }
    if (this.clients.pending > 0) auditor.claim('at the end: a request has not ended');
    if (queue.size > 0) auditor.claim('at the end: jobs are left in the queue');
    checkSettled(auditor, machines);
    if (!this.failed()) checkReachability(auditor, machines, logServer.log.all());
    checkFloating(auditor, machines);
    checkGateways(auditor, machines);
    checkReceipts(auditor, logServer.log.all(), this.clients.receipts);
    checkRequests(auditor, logServer.log.all(), this.clients.promised);
  }

  /** A controller that knows nothing but the log finds that nothing is left to do, and says nothing new. */
  private async restartFromNothing(): Promise<void> {
    if (this.failed()) return;
    const { controllers, logServer, auditor, time } = this.world;
    const before = logServer.log.all().length;
    for (const site of controllers) {
      site.front?.process.kill('the end of its life');
      site.deleteCaches();
    }
    await time.pass(0);
    for (const site of controllers) site.start();
    await this.pass(2 * MINUTE);
    const news = logServer.log
      .all()
      .slice(before)
      .filter(({ stream }) => !/^(relay|snapshot)-/.test(stream));
    for (const { stream, type } of news) auditor.claim(`a start from nothing added ${type} to ${stream}`);
  }

  /** What the rows are when they are built from the log alone. */
  private async rebuilt(): Promise<MemoryReadModel> {
    const { auditor, logServer, time } = this.world;
    const rebuilt = new MemoryReadModel();
    const timer = { sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms, signal) };
    const logger = { info: () => undefined, error: () => undefined };
    const breathe = (): Promise<void> => Promise.resolve();
    const runner = new ReadModelRunner({
      log: logServer.log,
      groups: [{ projections, store: rebuilt }],
      timer,
      logger,
      breathe,
    });
    runner.start();
    await time.pass(MINUTE, () => runner.isReady());
    if (!runner.isReady()) auditor.claim('at the end: the read models cannot be built from the log');
    await runner.stop();
    return rebuilt;
  }

  private checkReadModels(rebuilt: MemoryReadModel): void {
    if (this.failed()) return;
    const { auditor, controllers, logServer } = this.world;
    const end = logServer.log.all().at(-1)?.position ?? 0n;
    for (const { name, rows, front } of controllers) {
      const shown = front?.readModel.position ?? 0n;
      if (shown > end) auditor.claim(`at the end: ${name} claims to show the log up to ${String(shown)}`);
      checkSameRows(auditor, name, rows, rebuilt);
    }
    checkRowsAgainstStreams(auditor, rebuilt);
  }

  private failed(): boolean {
    return this.world.auditor.violations.length > 0;
  }

  private pass(ms: number, until: () => boolean = () => false): Promise<void> {
    return this.world.time.pass(ms, () => this.failed() || until());
  }
}

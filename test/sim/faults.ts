import { effectName, streamRef } from '@cairn/domain';

import type { Clients } from './client';
import type { ControllerSite } from './controller';
import { type Step, STEPS } from './effect-steps';
import { LogFaults } from './log-faults';
import { APPEND_TROUBLES } from './log-answers';
import type { Machine } from './machine';
import { type FaultKind, LOG_FAULTS, type LogFaultKind } from './plan';
import type { QueueTrouble } from './queue-server';
import { type Ambush, type Incarnation, PHASES } from './processes';
import type { Random } from './random';
import type { World } from './world';

/** Where death may lie in wait for a controller: what a dealing's name begins with. */
const CONTROLLER_DEALINGS = [
  '',
  'append',
  'append instance.launch',
  'append instance.host-chosen',
  'append instance.host-claimed',
  'append instance.host-refused',
  'append instance.host-restarted',
  'append instance.address',
  'append instance.released',
  'append instance.stop',
  'append instance.start',
  'append instance.reboot',
  'append instance.restored',
  'append instance.deletion',
  'append instance.operation-failed',
  'append instance.removal-failed',
  'append quota.reserved',
  'append quota.confirmed',
  'append quota.owner-found',
  'append quota.released',
  'append host.capacity',
  'append host.claim-tombstoned',
  'append host.started',
  'append host.owner-informed',
  'append host.result-rejected',
  'append network.address',
  'append network.claim-tombstoned',
  'append relay',
  'append snapshot',
  'queue',
  'queue remove',
  'queue reboot',
  'index',
  'rows',
  'read',
];
const AGENT_DEALINGS = [
  '',
  'append',
  'append agent.started',
  'append agent.job',
  'journal',
  'journal.begin',
  'journal.settle',
  'hypervisor.ensure',
  'hypervisor.reboot',
  'hypervisor.remove',
  'network',
  'disks',
  'images',
];

/** What a host's agent does for effects is to report of jobs; all else is the controllers'. */
const AGENT_STEPS = STEPS.filter((step) => step.includes('-instance done'));
const CONTROLLER_STEPS = STEPS.filter((step) => !AGENT_STEPS.includes(step));

const RESTART_STEPS = STEPS.filter((step) => step.startsWith('RecordHostRestarted '));

/** Effects that few worlds have, or that are owed for moments only. */
const RARE: ReadonlySet<string> = new Set([
  'AbandonCreation',
  'RecordHostRestarted',
  'UndoCreation',
  'reboot-instance',
]);

/** Which appends are in trouble: what the type of their first event begins with. */
const TROUBLED_APPENDS = ['', '', 'instance', 'host.capacity-claimed', 'host', 'network', 'quota', 'agent'];

/** Does what the plan says goes wrong, at times that the seed chooses. */
export class Faults {
  /** How many of each kind happened. */
  readonly happened = new Map<FaultKind | LogFaultKind, number>();
  private readonly logFaults: LogFaults;
  private over = false;

  /** How each kind strikes; whom and how hard, the seed says. */
  private readonly strikes: Readonly<Record<FaultKind, () => void>> = {
    'crash-controller': () => {
      this.ambush(this.site().front?.process, CONTROLLER_DEALINGS, CONTROLLER_STEPS);
    },
    'crash-agent': () => {
      this.ambush(this.machine().agent, AGENT_DEALINGS, AGENT_STEPS);
    },
    'host-dies': () => {
      this.die(this.machine());
    },
    'host-slow': () => {
      this.slow(this.machine());
    },
    'host-trouble': () => {
      this.machine().troubles.push(...many(this.random, ['refused', 'failed-after', 'error', 'not-ready']));
    },
    'store-away': () => {
      this.world.logServer.goAway(this.random.skewed(100, 40_000));
    },
    'append-trouble': () => {
      const { random } = this;
      const kind = random.pick(APPEND_TROUBLES);
      this.world.logServer.troubleAppends(kind, random.pick(TROUBLED_APPENDS), random.int(1, 4));
    },
    'read-trouble': () => {
      this.world.logServer.breakReads(this.random.int(1, 4));
    },
    'subscriptions-dropped': () => {
      this.world.logServer.dropSubscriptions();
    },
    'controller-stalls': () => {
      this.site().front?.process.stall(this.random.skewed(500, 90_000));
    },
    'caches-deleted': () => {
      this.deleteCaches(this.site());
    },
    'index-fails': () => {
      this.site().failCommits(this.random.int(1, 3));
    },
    'queue-trouble': () => {
      const kind = this.random.pick<QueueTrouble>(['lost', 'delayed', 'repeated', 'unanswered']);
      this.world.queue.trouble(kind, this.random.int(1, 3));
    },
    'queue-away': () => {
      this.world.queue.goAway(this.random.skewed(100, 40_000));
    },
    'queue-flushed': () => {
      this.world.queue.flush();
    },
    'locks-lost': () => {
      this.world.queue.loseLocks();
    },
    'host-disabled': () => {
      this.disable(this.machine());
    },
  };

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly random: Random,
  ) {
    this.logFaults = new LogFaults(world, random.fork('log'));
  }

  /** @param busy moments at which something is asked for: most faults come soon after one. */
  begin(busy: readonly number[]): void {
    const { random } = this;
    const { faultCount, logFaultCount, busyMs, faults } = this.world.plan;
    const plan = (kind: FaultKind | LogFaultKind, strike: () => void): void => {
      const at = random.chance(0.7) ? random.pick(busy) + random.skewed(0, 2_000) : random.int(0, busyMs);
      this.world.time.after(Math.min(at, busyMs), () => {
        this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
        this.world.trace.add('FAULT', kind);
        strike();
      });
    };
    for (let i = 0; i < faultCount; i += 1) {
      const kind = random.weighted(faults);
      plan(kind, this.strikes[kind]);
    }
    for (let i = 0; i < logFaultCount; i += 1) {
      // a leader that its clients still reach is the worst
      const kind = random.chance(0.2) ? 'leader-without-followers' : random.pick(LOG_FAULTS);
      plan(kind, () => {
        this.logFaults.strike(kind);
      });
    }
  }

  /** From now on nothing goes wrong any more; hosts without power stay so. */
  end(): void {
    this.over = true;
    const { logServer, queue, machines, controllers } = this.world;
    logServer.behave();
    queue.behave();
    for (const machine of machines) {
      machine.troubles = [];
      machine.slowness = 1;
      machine.blackoutMs = undefined;
      machine.agent?.spare();
      machine.startAgent();
      this.enable(machine);
    }
    for (const site of controllers) {
      site.behave();
      site.front?.process.spare();
      site.start();
    }
  }

  private machine(): Machine {
    return this.random.pick(this.world.machines);
  }

  private site(): ControllerSite {
    return this.random.pick(this.world.controllers);
  }

  private ambush(process: Incarnation | undefined, dealings: readonly string[], steps: readonly Step[]): void {
    const { random } = this;
    const { busyMs } = this.world.plan;
    const phase = random.pick(PHASES);
    const patienceMs = random.skewed(100, busyMs / 3);
    const ambush = {
      anything: (): Ambush => ({ phase, at: '', after: random.skewed(0, 60), patienceMs }),
      dealing: (): Ambush => ({ phase, at: random.pick(dealings), after: random.skewed(0, 3), patienceMs }),
      step: (): Ambush => ({ phase, at: this.nearStep(steps), after: random.skewed(0, 1), patienceMs: busyMs }),
    }[random.weighted({ anything: 3, dealing: 3, step: 6 })]();
    this.world.trace.add(
      'FAULT',
      `${process?.name ?? 'nobody'} dies ${phase} ${ambush.at}, after ${String(ambush.after)}`,
    );
    process?.lieInWait(ambush);
  }

  /** A step of something that is owed now, or one that seldom comes, or any. */
  private nearStep(steps: readonly Step[]): Step {
    const { random } = this;
    const owed = new Set<string>(this.world.auditor.owed().map(({ effect }) => effectName(effect)));
    const of = (names: ReadonlySet<string>): readonly Step[] =>
      steps.filter((step) => names.has(step.slice(0, step.indexOf(' '))));
    const choice = { owed: of(owed), rare: of(RARE), any: steps }[random.weighted({ owed: 4, rare: 3, any: 3 })];
    return random.pick(choice.length > 0 ? choice : steps);
  }

  /**
   * The power goes at once, or at one of the agent's next dealings with the world. Often a controller dies when it tells
   * the instances that their host restarted: it owes that for moments only.
   */
  private die(machine: Machine): void {
    const { random } = this;
    const away = random.chance(0.2) ? Infinity : random.skewed(100, 600_000);
    if (random.chance(0.3)) {
      const [phase, at] = [random.pick(PHASES), random.pick(RESTART_STEPS)];
      this.site().front?.process.lieInWait({ phase, at, after: 0, patienceMs: this.world.plan.busyMs });
    }
    if (random.chance(0.5)) {
      machine.powerOff(away);
      return;
    }
    machine.blackoutMs = away;
    this.ambush(machine.agent, AGENT_DEALINGS, AGENT_STEPS);
  }

  private slow(machine: Machine): void {
    machine.slowness = this.random.pick([5, 30, 200]);
    this.world.time.after(this.random.skewed(1_000, 120_000), () => {
      machine.slowness = 1;
    });
  }

  private deleteCaches(site: ControllerSite): void {
    site.front?.process.kill('its caches are deleted');
    site.deleteCaches();
  }

  private disable(machine: Machine): void {
    const target = streamRef('host', machine.hostId);
    const commandId = this.random.uuid();
    const command = { type: 'DisableHost', data: { reason: 'maintenance' } } as const;
    void this.clients.ask(`disable ${machine.name}`, (facade) => facade.send(target, command, commandId));
    this.world.time.after(this.random.skewed(1_000, 60_000), () => {
      if (!this.over) this.enable(machine);
    });
  }

  private enable(machine: Machine): void {
    const target = streamRef('host', machine.hostId);
    const commandId = this.random.uuid();
    void this.clients.ask(`enable ${machine.name}`, (facade) =>
      facade.send(target, { type: 'EnableHost', data: {} }, commandId),
    );
  }
}

const many = <const T>(random: Random, kinds: readonly T[]): readonly T[] => {
  const kind = random.pick(kinds);
  return Array.from({ length: random.int(1, 4) }, () => kind);
};

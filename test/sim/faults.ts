import type { Clients } from './client';
import { receiptOf } from './client';
import type { ControllerSite } from './controller';
import type { Machine } from './machine';
import type { FaultKind } from './plan';
import { type Ambush, type Incarnation, PHASES } from './processes';
import type { Random } from './random';
import type { World } from './world';

const CONTROLLER_DEALINGS = [
  '',
  'append',
  'append instance',
  'append quota',
  'append host',
  'append network',
  'append relay',
  'append snapshot',
  'queue',
  'index',
  'rows',
  'read',
];
const AGENT_DEALINGS = ['', 'append', 'journal', 'hypervisor', 'network', 'disks', 'images'];

/** Does what the plan says goes wrong, at times that the seed chooses. */
export class Faults {
  /** How many of each kind happened. */
  readonly happened = new Map<FaultKind, number>();
  private over = false;

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly random: Random,
  ) {}

  begin(): void {
    const { faultCount, busyMs, faults } = this.world.plan;
    for (let i = 0; i < faultCount; i += 1) {
      const kind = this.random.weighted(faults);
      this.world.time.after(this.random.int(0, busyMs), () => {
        this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
        this.world.trace.add('FAULT', kind);
        this.strike(kind);
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

  private strike(kind: FaultKind): void {
    const { random, world } = this;
    const { logServer, queue } = world;
    const machine = random.pick(world.machines);
    const site = random.pick(world.controllers);
    switch (kind) {
      case 'crash-controller':
        { this.ambush(site.front?.process, random.pick(CONTROLLER_DEALINGS)); return; }
      case 'crash-agent':
        { this.ambush(machine.agent, random.pick(AGENT_DEALINGS)); return; }
      case 'host-dies':
        { this.die(machine); return; }
      case 'host-slow':
        { this.slow(machine); return; }
      case 'host-trouble':
        machine.troubles.push(...many(random, ['refused', 'failed-after', 'error', 'not-ready']));
        return;
      case 'store-away':
        { logServer.goAway(random.skewed(100, 40_000)); return; }
      case 'append-trouble':
        { logServer.troubleAppends(random.pick(['lost', 'unanswered', 'late']), random.int(1, 4)); return; }
      case 'read-trouble':
        { logServer.breakReads(random.int(1, 4)); return; }
      case 'subscriptions-dropped':
        { logServer.dropSubscriptions(); return; }
      case 'controller-stalls':
        return site.front?.process.stall(random.skewed(500, 90_000));
      case 'caches-deleted':
        { this.deleteCaches(site); return; }
      case 'index-fails':
        { site.failCommits(random.int(1, 3)); return; }
      case 'queue-trouble':
        { queue.trouble(random.pick(['lost', 'delayed', 'repeated', 'unanswered']), random.int(1, 3)); return; }
      case 'queue-away':
        { queue.goAway(random.skewed(100, 40_000)); return; }
      case 'queue-flushed':
        { queue.flush(); return; }
      case 'locks-lost':
        { queue.loseLocks(); return; }
      case 'host-disabled':
        { this.disable(machine); return; }
    }
  }

  private ambush(process: Incarnation | undefined, at: string): void {
    const { random } = this;
    const phase = random.pick(PHASES);
    const ambush: Ambush = { phase, at, after: random.skewed(0, 12) };
    this.world.trace.add('FAULT', `${process?.name ?? 'nobody'} dies ${phase} ${at}, after ${String(ambush.after)}`);
    process?.lieInWait(ambush);
  }

  private die(machine: Machine): void {
    if (!machine.powered) return;
    this.world.trace.add('FAULT', `${machine.name} loses power`);
    machine.powerOff();
    if (this.random.chance(0.25)) return; // until the very end
    this.world.time.after(this.random.skewed(1_000, 900_000), () => {
      machine.powerOn();
    });
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
    const target = { category: 'host', id: machine.hostId };
    const commandId = this.random.uuid();
    const command = { type: 'DisableHost', data: { reason: 'maintenance' } };
    void this.clients.ask(`disable ${machine.name}`, async (send) => [
      receiptOf(target, commandId, await send(target, command, commandId)),
    ]);
    this.world.time.after(this.random.skewed(1_000, 60_000), () => {
      if (!this.over) this.enable(machine);
    });
  }

  private enable(machine: Machine): void {
    const target = { category: 'host', id: machine.hostId };
    const commandId = this.random.uuid();
    void this.clients.ask(`enable ${machine.name}`, async (send) => [
      receiptOf(target, commandId, await send(target, { type: 'EnableHost', data: {} }, commandId)),
    ]);
  }
}

const many = <const T>(random: Random, kinds: readonly T[]): readonly T[] => {
  const kind = random.pick(kinds);
  return Array.from({ length: random.int(1, 4) }, () => kind);
};

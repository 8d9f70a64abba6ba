import { deriveId, type Message, type VmState } from '@cairn/domain';

import type { ServerOperation } from '../../apps/controller/src/application/server/server-operations.handler';

import type { Clients, Request } from './client';
import { FLAVORS } from './flavors';
import { type LaunchOrder, LAUNCHES, serverIdsOf } from './launch';
import { NAMES, NAMINGS } from './naming';
import { networkIdOf, projectIdOf } from './setup';
import type { Random } from './random';
import type { World } from './world';

type Operation = 'delete' | 'stop' | 'start' | 'reboot' | 'rename' | 'metadata';
type Weights = Readonly<Record<Operation | 'launch', number>>;

const NOTHING: Weights = { launch: 0, delete: 0, stop: 0, start: 0, reboot: 0, rename: 0, metadata: 0 };
const ACTIONS: Weights = { launch: 6, delete: 4, stop: 3, start: 3, reboot: 3, rename: 1, metadata: 1 };

/** What makes sense for a server in a state; a new one is launched where nothing does. */
const SENSIBLE: Readonly<Record<VmState, Weights>> = {
  absent: { ...NOTHING, launch: 1 },
  building: { ...NOTHING, launch: 2, delete: 2, rename: 1 },
  active: { ...ACTIONS, launch: 2, start: 0 },
  stopped: { ...ACTIONS, launch: 2, stop: 0 },
  error: { ...NOTHING, launch: 2, delete: 3, reboot: 1, stop: 1 },
  deleted: { ...NOTHING, launch: 1 },
};

/** What tenants do: at times of their own, in bursts, and without asking what state a server is in. */
export class Workload {
  /** Servers that were asked for, as far as nobody said no. */
  private servers: readonly string[] = [];

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly random: Random,
  ) {}

  /** Sets off the commands; they come within the plan's busy time. @returns when, from now. */
  begin(): readonly number[] {
    const { commands, names, busyMs } = this.world.plan;
    const moments: number[] = [];
    let at = 0;
    for (let i = 0; i < commands; i += 1) {
      const burst = i === 0 || this.random.chance(0.5);
      at = burst ? Math.min(at + this.random.skewed(0, 2_000), busyMs) : this.random.int(0, busyMs);
      moments.push(at);
      this.world.time.after(at, () => {
        if (i < 2 || this.servers.length === 0) this.launch();
        else this.act();
      });
    }
    for (let i = 0; i < names; i += 1) {
      this.world.time.after(this.random.int(0, busyMs / 2), () => {
        const order = { flavorId: this.random.uuid(), name: this.random.pick(NAMES), commandId: this.random.uuid() };
        const request = this.random.weighted({ handler: 2, steps: 1, halfway: 2 });
        void this.clients.ask(`name ${order.name}`, NAMINGS[request](order));
      });
    }
    return moments;
  }

  /** Most tenants look before they act; what they see may be over when they do. */
  private act(): void {
    const { random } = this;
    // the newest servers are those in transition
    const id = random.pick(random.chance(0.6) ? this.servers.slice(-4) : this.servers);
    const state = this.world.auditor.all('instance').find(([other]) => other === id)?.[1].vmState ?? 'absent';
    const action = random.weighted(random.chance(0.7) ? SENSIBLE[state] : ACTIONS);
    if (action === 'launch') this.launch();
    else this.operate(action, id);
  }

  private operate(action: Operation, id: string): void {
    const commandId = this.random.uuid();
    const target = { category: 'instance', id };
    const notAfter = (): string => this.later(this.world.plan.operationLimitMs);
    const byHand: Request = (facade) => facade.send(target, this.command(action, commandId, notAfter()), commandId);
    const handled: Request = (facade) => facade.operate(id, operationOf(action, commandId), commandId);
    const request = this.random.chance(0.5) ? byHand : handled;
    void this.clients.ask(`${action} ${id.slice(0, 8)}`, request);
  }

  private launch(): void {
    const { plan, images, machines } = this.world;
    const { random } = this;
    const kind = random.weighted({ good: 12, missing: 1, 'wrong-format': 1, 'wrong-size': 1 });
    const way = random.weighted({ handler: 9, steps: 9, halfway: 2, 'cut-off': 4 });
    const count = way === 'cut-off' ? random.int(2, 3) : random.weighted({ '1': 5, '2': 2, '3': 1 });
    const order: LaunchOrder = {
      commandId: random.uuid(),
      projectId: projectIdOf(random.int(0, plan.quotas.length - 1)),
      count: Number(count),
      flavor: random.pick(FLAVORS),
      image: images.of(kind),
      networks: plan.networks
        .map((_, i) => ({ networkId: networkIdOf(i), address: null }))
        .slice(random.int(0, plan.networks.length - 1)),
      forcedHost: random.chance(0.1) ? random.pick(machines).name : null,
      notAfter: () => this.later(plan.launchLimitMs),
    };
    const ids = serverIdsOf(order);
    this.servers = [...this.servers, ...ids];
    const name = `launch ${String(order.count)} ${order.commandId.slice(0, 8)}`;
    void this.clients.ask(name, LAUNCHES[way](order)).then((answer) => {
      if (typeof answer !== 'string') this.servers = this.servers.filter((id) => !ids.includes(id));
    });
  }

  private command(action: Operation, commandId: string, notAfter: string): Message {
    switch (action) {
      case 'delete':
        return { type: 'DeleteInstance', data: {} };
      case 'stop':
        return { type: 'StopInstance', data: { notAfter } };
      case 'start':
        return { type: 'StartInstance', data: { notAfter } };
      case 'reboot':
        return { type: 'RebootInstance', data: { notAfter, rebootType: commandId < '8' ? 'soft' : 'hard' } };
      case 'rename':
        return { type: 'RenameInstance', data: { name: `renamed-${deriveId(commandId, 'name').slice(0, 6)}` } };
      case 'metadata':
        return { type: 'ReplaceMetadata', data: { metadata: { key: commandId } } };
    }
  }

  private later(ms: number): string {
    return new Date(this.world.time.now + ms).toISOString();
  }
}

function operationOf(action: Operation, commandId: string): ServerOperation {
  switch (action) {
    case 'delete':
    case 'stop':
    case 'start':
      return { kind: action };
    case 'reboot':
      return { kind: 'reboot', type: commandId < '8' ? 'soft' : 'hard' };
    case 'rename':
      return { kind: 'rename', name: `renamed-${commandId.slice(0, 6)}` };
    case 'metadata':
      return { kind: 'replace-metadata', metadata: { key: commandId } };
  }
}

import { type OperationRequest, operationNamed, type VmState, streamRef } from '@cairn/domain';

import { fitted, TENANT_REQUESTS, titleOf } from '../../libs/domain/src/testing/operations';

import type { Asked, Clients, Request } from './client';
import { FIRST_NETWORKS, firstNetworks } from './first-networks';
import { FLAVORS } from './flavors';
import { FLOATINGS, floatingRequest } from './floating';
import { Grouping, GROUPINGS } from './grouping';
import { type LaunchOrder, LAUNCHES, serverIdsOf } from './launch';
import { type Frequency, momentsOf } from './moments';
import { NAMES, NAMINGS } from './naming';
import { networkIdOf, projectIdOf } from './setup';
import type { Random } from './random';
import { Regrets } from './regrets';
import type { World } from './world';
import { ZONES, zoning, ZONINGS } from './zoning';

type Weights = Readonly<Record<string, number>>;

const LAUNCH = 'launch';

/** Requests of tenants for a server, by their names in a trace. */
const ASKED: ReadonlyMap<string, OperationRequest> = new Map(
  TENANT_REQUESTS.map((request) => [titleOf(request), request]),
);

const DELETION: OperationRequest = { name: 'delete', input: {} };

/** How often one is asked for, against others. Operations on a host matter most. */
const weightOf = ({ name }: OperationRequest): number =>
  name === 'delete' ? 4 : operationNamed(name).kind === 'host' ? 3 : 0.5;

/** What a server is asked for in a state; a new one is launched beside, and where nothing makes sense. */
function weights(launches: number, makesSense: (request: OperationRequest) => boolean): Weights {
  const sensible = [...ASKED].filter(([, request]) => makesSense(request));
  const chosen = sensible.map(([title, request]): readonly [string, number] => [title, weightOf(request)]);
  return Object.fromEntries<number>([[LAUNCH, launches], ...chosen]);
}

const ANYTHING = weights(6, () => true);

const allows = ({ name, input }: OperationRequest, vmState: VmState): boolean => {
  const { vmStates } = operationNamed(name).allowed(input);
  return vmStates === 'any' || vmStates.includes(vmState);
};

const isThere = (vmState: VmState): boolean => vmState !== 'absent' && vmState !== 'deleted';

const sensibleIn = (vmState: VmState): Weights => weights(2, (request) => isThere(vmState) && allows(request, vmState));

/** What tenants do: at times of their own, in bursts, and without asking what state a server is in. */
export class Workload {
  /** Servers that were asked for, as far as nobody said no. */
  private servers: readonly string[] = [];
  private readonly zoning: Random;
  private readonly floating: Random;
  private readonly firsts: Random;
  private readonly regrets: Regrets;
  private readonly groupings: Random;
  private readonly grouping: Grouping;

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly random: Random,
  ) {
    this.zoning = random.fork('zoning');
    this.groupings = random.fork('groupings');
    this.grouping = new Grouping(world, random.fork('grouping'));
    this.floating = random.fork('floating');
    this.firsts = random.fork('first networks');
    this.regrets = new Regrets(world, random.fork('regrets'), (id) => {
      this.operate(DELETION, id);
    });
  }

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
    this.spread(this.zoning, ZONINGS, () => zoning(this.zoning, this.world.machines));
    this.spread(this.groupings, GROUPINGS, () => this.grouping.next());
    this.spread(this.floating, FLOATINGS, () => this.askedOfFloating());
    this.spread(this.firsts, FIRST_NETWORKS, () => firstNetworks(this.firsts, this.projects));
    return moments;
  }

  /** Requests of a kind over the busy time, each made up at its moment. @param next undefined for none */
  private spread(random: Random, frequency: Frequency, next: () => Asked | undefined): void {
    for (const moment of momentsOf(random, frequency, this.world.plan.busyMs)) {
      this.world.time.after(moment, () => {
        const asked = next();
        if (asked !== undefined) void this.clients.ask(asked.name, asked.request);
      });
    }
  }

  private askedOfFloating(): Asked {
    const floating = this.world.auditor.all('floatingip');
    return floatingRequest(this.floating, { floating, servers: this.servers, projects: this.projects });
  }

  private get projects(): readonly string[] {
    return this.world.plan.quotas.map((_, i) => projectIdOf(i));
  }

  /** Most tenants look before they act; the state may have changed when they do. */
  private act(): void {
    const { random } = this;
    // the newest servers are those in transition
    const id = random.pick(random.chance(0.6) ? this.servers.slice(-4) : this.servers);
    const state = this.world.auditor.of('instance', id)?.vmState ?? 'absent';
    const action = random.weighted(random.chance(0.7) ? sensibleIn(state) : ANYTHING);
    const request = ASKED.get(action);
    if (request === undefined) this.launch();
    else this.operate(request, id);
  }

  private operate(asked: OperationRequest, id: string): void {
    const operation = this.fitted(asked, id);
    const commandId = this.random.uuid();
    const target = streamRef('instance', id);
    const byHand: Request = (facade) => {
      const { name, input } = operation;
      const known = operationNamed(name);
      const command =
        known.kind === 'host' ? known.ask(input, this.later(this.world.plan.operationLimitMs)) : known.ask(input);
      return facade.send(target, command, commandId);
    };
    const handled: Request = (facade) => facade.operate(id, operation, commandId);
    const request = this.random.chance(0.5) ? byHand : handled;
    void this.clients.ask(`${titleOf(operation)} ${id.slice(0, 8)}`, request);
  }

  /** Asks for an interface in some network, and takes away one that the server has. */
  private fitted(request: OperationRequest, id: string): OperationRequest {
    const interfaces = this.world.auditor.of('instance', id)?.interfaces ?? [];
    const networkId = networkIdOf(this.random.int(0, this.world.plan.networks.length - 1));
    return fitted(request, networkId, interfaces.length === 0 ? networkId : this.random.pick(interfaces).id);
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
      availabilityZone: this.zoning.chance(0.2) ? this.zoning.pick(ZONES) : null,
      notAfter: () => this.later(plan.launchLimitMs),
    };
    const ids = serverIdsOf(order);
    this.servers = [...this.servers, ...ids];
    this.regrets.of(ids);
    const name = `launch ${String(order.count)} ${order.commandId.slice(0, 8)}`;
    void this.clients.ask(name, LAUNCHES[way](order)).then((answer) => {
      if (typeof answer !== 'string') this.servers = this.servers.filter((id) => !ids.includes(id));
    });
  }

  private later(ms: number): string {
    return new Date(this.world.time.now + ms).toISOString();
  }
}

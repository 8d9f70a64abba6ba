import { deriveId, type FlavorSpec, type Message } from '@cairn/domain';

import { type Clients, receiptOf, type Request } from './client';
import { type LaunchOrder, launchRequest, serverIdsOf } from './launch';
import { networkIdOf, projectIdOf } from './setup';
import type { Random } from './random';
import type { World } from './world';

const FLAVORS: readonly FlavorSpec[] = [
  { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  { flavorId: '2', name: 'm1.small', vcpus: 1, ramMb: 2_048, rootGb: 20, ephemeralGb: 0, swapMb: 512 },
  { flavorId: '3', name: 'm1.medium', vcpus: 2, ramMb: 4_096, rootGb: 10, ephemeralGb: 10, swapMb: 0 },
];

const ACTIONS = { launch: 6, delete: 4, stop: 3, start: 3, reboot: 3, rename: 1, metadata: 1 } as const;

/** What tenants do: at times of their own, in bursts, and without asking what state a server is in. */
export class Workload {
  private readonly servers: string[] = [];

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly random: Random,
  ) {}

  /** Sets off the commands; they come within the plan's busy time. */
  begin(): void {
    const { commands, busyMs } = this.world.plan;
    let at = 0;
    for (let i = 0; i < commands; i += 1) {
      const burst = i === 0 || this.random.chance(0.5);
      at = burst ? Math.min(at + this.random.skewed(0, 2_000), busyMs) : this.random.int(0, busyMs);
      const action = i < 2 ? 'launch' : this.random.weighted(ACTIONS);
      this.world.time.after(at, () => {
        this.act(this.servers.length === 0 ? 'launch' : action);
      });
    }
  }

  private act(action: keyof typeof ACTIONS): void {
    if (action === 'launch') {
      this.launch();
      return;
    }
    // the newest servers are those in transition
    const recent = this.servers.slice(-4);
    const id = this.random.pick(this.random.chance(0.6) ? recent : this.servers);
    const commandId = this.random.uuid();
    const target = { category: 'instance', id };
    const notAfter = (): string => this.later(this.world.plan.operationLimitMs);
    const request: Request = async (send) => [
      receiptOf(target, commandId, await send(target, this.command(action, commandId, notAfter()), commandId)),
    ];
    void this.clients.ask(`${action} ${id.slice(0, 8)}`, request);
  }

  private launch(): void {
    const { plan, images, machines } = this.world;
    const { random } = this;
    const kind = random.weighted({ good: 12, missing: 1, 'wrong-format': 1, 'wrong-size': 1 });
    const count = random.weighted({ '1': 5, '2': 2, '3': 1 });
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
    this.servers.push(...serverIdsOf(order));
    void this.clients.ask(`launch ${String(order.count)} ${order.commandId.slice(0, 8)}`, launchRequest(order));
  }

  private command(action: Exclude<keyof typeof ACTIONS, 'launch'>, commandId: string, notAfter: string): Message {
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

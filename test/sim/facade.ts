import { createHmac, hash } from 'node:crypto';
import {
  DomainError,
  type FlavorRecord,
  type OperationRequest,
  type StreamRef,
  streamName,
  type Answer,
  type Category,
  type CommandOf,
  type StreamOf,
} from '@cairn/domain';
import { type EntityOf, FloatingIpRow, type ReadModel, ReadModelNotReady, type Row } from '@cairn/projections';
import type { EntityManager } from 'typeorm';

import { ReadYourWrites } from '../../apps/controller/src/application/core';
import { LaunchServers, type LaunchSpec } from '../../apps/controller/src/application/server/server-launch.command';
import { LaunchServersHandler } from '../../apps/controller/src/application/server/server-launch.handler';
import {
  OperateServer,
  OperateServerHandler,
} from '../../apps/controller/src/application/server/server-operations.handler';
import { CreateFlavor, CreateFlavorHandler } from '../../apps/controller/src/application/flavor/flavor.handlers';
import {
  AllocateFloatingIp,
  AllocateFloatingIpHandler,
} from '../../apps/controller/src/application/floating-ip/allocate-floating-ip.handler';
import { FloatingIps } from '../../apps/controller/src/application/floating-ip/floating-ips';
import { FloatingPools } from '../../apps/controller/src/application/floating-ip/floating-pools';
import { ProjectNetworks } from '../../apps/controller/src/application/network/project-network';
import { ServerWrites } from '../../apps/controller/src/application/server/server-writes';
import type { Keyring } from '../../apps/controller/src/keyring/keyring';
import { BUILT_IN_RULES, Enforcer, RuleSet } from '../../apps/controller/src/policy';
import { POOL } from './floating';
import { DEFAULT_SETTINGS } from '../../apps/controller/src/scheduler/settings';
import type { Clock, CommandContext, Executed, Executor } from '../../apps/controller/src/runtime/ports';
import type { MemoryReadModel } from '../../libs/projections/src/runner/memory-read-model';
import type { ReadModelRunner } from '../../libs/projections/src/runner/runner';

/** What a tenant was told to have happened. */
export interface Receipt {
  readonly stream: string;
  readonly commandId: string;
  /** False where nothing had to be changed. */
  readonly changed: boolean;
}

export interface FacadeParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly readModel: ReadModel;
}

/** Simulated tenants meet the built-in rules. */
const POLICY = new Enforcer(RuleSet.of(BUILT_IN_RULES));
const SETTINGS = {
  scheduler: DEFAULT_SETTINGS,
  maxLocalBlockDevices: 3,
  configDrive: { force: false, format: 'iso9660' as const },
  instanceBuildTimeoutSeconds: 1_800,
  defaultFloatingPool: POOL,
  autoAssignFloatingIp: false,
  cloud: { network: { type: 'vxlan' as const } },
};

/** What answers one request in a controller: the real handlers of commands, and a note of all that they did. */
export class Facade {
  readonly receipts: Receipt[] = [];
  /** Servers that an answer says were launched. */
  readonly promised: string[] = [];
  private readonly executor: Executor;
  private readonly writes: ServerWrites;

  constructor(
    private readonly parts: FacadeParts,
    private readonly context: CommandContext,
    /** Ids of the launches that were asked for before, of any controller. */
    private readonly heard: Set<string>,
  ) {
    const { executor, readModel } = parts;
    this.writes = new ServerWrites(new ReadYourWrites(readModel), readModel);
    this.executor = {
      execute: async (target, command, one) => this.noted(target, one, await executor.execute(target, command, one)),
      state: (target) => executor.state(target),
      latest: (target) => executor.latest(target),
    };
  }

  /** One command, as it is. */
  send<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    commandId: string,
  ): Promise<Executed<Answer<C, M['type']>>> {
    return this.executor.execute(target, command, { ...this.context, commandId });
  }

  async launch(projectId: string, asked: LaunchSpec, commandId: string): Promise<void> {
    const { clock, readModel } = this.parts;
    const handler = new LaunchServersHandler(this.executor, KEYRING, clock, readModel, POLICY, SETTINGS, this.writes);
    const unheard = !this.heard.has(commandId);
    this.heard.add(commandId);
    const command = new LaunchServers(projectId, asked, { ...this.context, commandId, unheard });
    const { servers } = await handler.execute(command);
    this.promised.push(...servers.map(({ id }) => id));
  }

  async operate(instanceId: string, operation: OperationRequest, commandId: string): Promise<void> {
    const handler = new OperateServerHandler(this.executor, this.parts.clock, this.writes);
    await handler.execute(new OperateServer(instanceId, null, [operation], { ...this.context, commandId }));
  }

  async allocateFloatingIp(projectId: string, pool: string, commandId: string): Promise<void> {
    const writes = new ReadYourWrites(this.parts.readModel);
    const pools = new FloatingPools(this.parts.readModel, this.executor, writes);
    const handler = new AllocateFloatingIpHandler(this.executor, pools, writes);
    await handler.execute(new AllocateFloatingIp(projectId, 'tenant', pool, { ...this.context, commandId }));
  }

  async associateFloatingIp(id: string, instanceId: string, commandId: string): Promise<void> {
    const { readModel } = this.parts;
    const [row] = await readModel.rowsWith(FloatingIpRow, { id });
    if (row === undefined) throw new DomainError('not-found', 'floating-ip.not-found', 'floating IP not found');
    const floatingIps = new FloatingIps(readModel, this.executor, new ReadYourWrites(readModel));
    await floatingIps.associate(row, instanceId, null, { ...this.context, commandId });
  }

  async takeNetwork(projectId: string, commandId: string): Promise<void> {
    await new ProjectNetworks(this.executor, this.parts.readModel).take(projectId, { ...this.context, commandId });
  }

  async createFlavor(flavor: FlavorRecord, commandId: string): Promise<void> {
    const handler = new CreateFlavorHandler(this.executor, new ReadYourWrites(this.parts.readModel));
    await handler.execute(new CreateFlavor(flavor, { ...this.context, commandId }));
  }

  private noted<A>(target: StreamRef, { commandId }: CommandContext, executed: Executed<A>): Executed<A> {
    this.receipts.push({ stream: streamName(target), commandId, changed: executed.events.length > 0 });
    return executed;
  }
}

/** The read models as the handlers see them; only what they ask for can be asked. */
export function readModelOf(rows: MemoryReadModel, runner: ReadModelRunner): ReadModel {
  const find = <R extends Row>(entity: EntityOf<R>, values: Partial<R> = {}): Promise<readonly R[]> => {
    if (!runner.isReady()) return Promise.reject(new ReadModelNotReady());
    const wanted = Object.entries(values);
    const matches = (row: R): boolean => wanted.every(([key, value]) => row[key as keyof R] === value);
    return Promise.resolve(rows.all(entity).filter(matches));
  };
  return {
    read: (queries) => queries({ find: (entity: EntityOf) => find(entity) } as unknown as EntityManager),
    rowsWith: find,
    waitFor: (position, timeoutMs) => runner.waitFor(position, timeoutMs),
    isReady: () => runner.isReady(),
    get position() {
      return runner.position;
    },
    get failure() {
      return runner.failure;
    },
    close: () => runner.stop(),
  };
}

const mac: Keyring['mac'] = (purpose, data) => createHmac('sha256', purpose).update(data).digest();

/** Nothing in the simulation is secret. */
const KEYRING: Keyring = {
  seal: (owner) => Promise.resolve({ keyId: owner, ciphertext: '' }),
  open: () => Promise.resolve(undefined),
  mac,
  destroy: () => Promise.resolve(),
};

/** Tells commands apart. */
export const commandHash = (canonical: string): string => hash('sha256', canonical, 'hex');

import {
  type Amounts,
  deriveId,
  DomainError,
  type FloatingWish,
  later,
  type LaunchRequest,
  limitOf,
  own,
  type Quota,
  QUOTA_CLASS,
  serverAmounts,
  serverReservation,
  streamName,
  traitsOf,
  userQuota,
} from '@cairn/domain';
import type { ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ControllerConfig } from '../../config';
import { allocateNumbers, CLOCK, CONFIG, EXECUTOR, KEYRING, numberRegistry, POLICY, READ_MODEL, stepOf } from '../core';
import { ProjectNetworks } from '../network/project-network';
import { confirmQuota } from '../quota/reservations';
import type { Enforcer } from '../../policy';
import { assignedFloatingIps, type AssignedSettings } from '../floating-ip/assigned-floating-ips';
import { adminPassOf } from './admin-pass';
import type { LaunchSettings } from './launch-settings';
import { sealedSecrets, type Secrets, secretsOf } from './secrets';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { Clock, CommandContext, Executed, Executor } from '../../runtime/ports';
import { begunBy, idsOf, instanceStream, quotaStream } from './server-launch.begun';
import { hostNameOf } from './server-host-name';
import { type LaunchedServers, LaunchServers, type LaunchSpec } from './server-launch.command';
import { ensureDefaultGroup } from '../security-group/default-group';
import { type LaunchFacts, LaunchResolver } from './server-launch.resolver';
import { ServerWrites } from './server-writes';

const NUMBERS = numberRegistry('instances');

/**
 * Reserves quota first, then launches each server. After a crash in between, the quota's `due` either confirms all
 * servers of the request or undoes those that exist.
 */
@CommandHandler(LaunchServers)
export class LaunchServersHandler implements ICommandHandler<LaunchServers> {
  private readonly resolver: LaunchResolver;
  private readonly projectNetworks: ProjectNetworks;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(READ_MODEL) readModel: ReadModel,
    @Inject(POLICY) policy: Enforcer,
    @Inject(CONFIG)
    private readonly settings: LaunchSettings &
      AssignedSettings &
      Pick<ControllerConfig, 'instanceBuildTimeoutSeconds'> & {
        readonly cloud: { readonly network: Pick<ControllerConfig['cloud']['network'], 'type'> };
      },
    private readonly writes: ServerWrites,
  ) {
    this.resolver = new LaunchResolver(executor, readModel, policy, settings);
    this.projectNetworks = new ProjectNetworks(executor, readModel);
  }

  /** @throws DomainError `invalid`, `forbidden`, `quota` or `unavailable`; then no server was asked for. */
  async execute(command: LaunchServers): Promise<LaunchedServers> {
    const { projectId, asked, context } = command;
    const look = (): ReturnType<typeof begunBy> => begunBy(this.executor, projectId, asked.maxCount, context.commandId);
    const known = context.unheard === true ? [] : await look();
    const ids = known.map(({ id }) => id);
    if (known.some(({ abandoned }) => abandoned)) return this.executeAgain(command, ids);
    if (known.length > 0 && known.every(({ launched }) => launched)) return this.answer(ids, context);
    try {
      return await this.launchAll(command, ids);
    } catch (error) {
      if (!hasCode(error, 'instance.exists')) throw error;
      const begun = await look(); // one launch came too late: the quota may have given it up
      if (!begun.some(({ abandoned }) => abandoned)) throw error;
      const given = begun.map(({ id }) => id);
      return this.executeAgain(command, given);
    }
  }

  /** Repeats a request that a crash undid, as a command of its own whose id derives from the first one's. */
  private async executeAgain(
    { projectId, asked, context }: LaunchServers,
    undone: readonly string[],
  ): Promise<LaunchedServers> {
    const commandId = deriveId(context.commandId, 'again');
    try {
      return await this.execute(new LaunchServers(projectId, asked, { ...context, commandId }));
    } catch (error) {
      if (!hasCode(error, 'quota.exceeded')) throw error;
      const { held } = await this.executor.latest(quotaStream(projectId));
      if (!undone.some((id) => held.has(streamName(instanceStream(id))))) throw error;
      const message = 'What was reserved for this request before is still being given back. Try again later.';
      throw new DomainError('unavailable', 'quota.unsettled', message);
    }
  }

  /** @param begun the servers that an earlier try of the same command has reserved for; empty for the first try. */
  private async launchAll(
    { projectId, asked, context }: LaunchServers,
    begun: readonly string[],
  ): Promise<LaunchedServers> {
    const all = idsOf(context.commandId, asked.maxCount);
    const resolved = await this.resolver.resolve(projectId, context.actor, asked, all[0] ?? '');
    const facts = { ...resolved, networks: await this.networksOf(projectId, asked, resolved, context) };
    await ensureDefaultGroup(this.executor, projectId, context);
    // The numbers of a failed request leave a gap, which harms nobody; reserving quota first would cost a wait.
    const [ids, numbers, floating] = await Promise.all([
      begun.length > 0 ? begun : this.reserve(projectId, asked, facts, context),
      this.numbersOf(all, context),
      facts.networks.length === 0 ? [] : assignedFloatingIps(this.executor, this.settings, all, context),
    ]);
    const reservationId = reservationOf(context.commandId);
    const several = ids.length > 1;
    const launched = await Promise.all(
      ids.map((instanceId, launchIndex) => {
        const number = numbers.get(instanceId) ?? 0;
        return this.launch(
          {
            projectId,
            instanceId,
            number,
            reservationId,
            launchIndex,
            several,
            autoFloatingIp: floating[all.indexOf(instanceId)],
          },
          asked,
          facts,
          context,
        );
      }),
    );
    await Promise.all([
      confirmQuota(this.executor, projectId, ids.map(instanceStream), stepOf(context, 'confirm')),
      this.writes.settled(ids.map((id, i) => [id, launched[i] as Executed])),
    ]);
    return this.answer(ids, context);
  }

  /** Where each project has networks of its own, one that has none gets its first. @throws DomainError `network.none-left` */
  private async networksOf(
    projectId: string,
    asked: LaunchSpec,
    { networks }: LaunchFacts,
    context: CommandContext,
  ): Promise<LaunchFacts['networks']> {
    if (!traitsOf(this.settings.cloud.network.type).forOneProject || asked.networks !== 'all' || networks.length > 0)
      return networks;
    const networkId = await this.projectNetworks.take(projectId, stepOf(context, 'network'));
    return [{ networkId, address: null }];
  }

  private answer(ids: readonly string[], { commandId }: CommandContext): LaunchedServers {
    return {
      reservationId: reservationOf(commandId),
      servers: ids.map((id) => ({ id, adminPass: adminPassOf(this.keyring, id) })),
    };
  }

  /** Reserves for `maxCount` servers, or for as many as fit if that is at least `minCount`. */
  private async reserve(
    projectId: string,
    { minCount, maxCount }: LaunchSpec,
    { flavor, networks }: LaunchFacts,
    context: CommandContext,
  ): Promise<readonly string[]> {
    const target = quotaStream(projectId);
    const { overrides: classLimits } = await this.executor.state(QUOTA_CLASS);
    for (let count = maxCount; ;) {
      const ids = idsOf(context.commandId, count);
      const reservations = ids.map((id) => serverReservation(id, flavor, networks.length, context.actor.userId));
      try {
        const command = { type: 'ReserveQuota', data: { reservations, ...givenLimits(classLimits) } } as const;
        await this.executor.execute(target, command, stepOf(context, `reserve/${String(count)}`));
        return ids;
      } catch (error) {
        const each = serverAmounts(flavor, networks.length);
        const state = await this.executor.state(target);
        const fitting = Math.min(count - 1, fits(state, classLimits, each, context.actor.userId));
        if (!hasCode(error, 'quota.exceeded') || fitting < minCount) throw error;
        count = fitting;
      }
    }
  }

  private async numbersOf(
    ownerIds: readonly string[],
    context: CommandContext,
  ): Promise<ReadonlyMap<string, number | undefined>> {
    const numbers = await allocateNumbers(this.executor, NUMBERS, ownerIds, stepOf(context, 'numbers'));
    return new Map(ownerIds.map((id, i) => [id, numbers[i]]));
  }

  private async launch(
    one: OneServer,
    asked: LaunchSpec,
    facts: LaunchFacts,
    context: CommandContext,
  ): Promise<Executed> {
    const plain = requestOf(one, asked, facts, context);
    const notAfter = later(this.clock.now(), this.settings.instanceBuildTimeoutSeconds * 1000);
    const secrets = secretsOf(asked, facts.configDrive !== undefined);
    const commandHash = hashOfPlain(this.keyring, {
      type: 'LaunchInstance',
      data: { ...plain, ...secrets, userData: asked.userData?.toString('base64') ?? null },
    });
    const sealed = await sealedSecrets(this.keyring, one, secrets);
    const data: LaunchRequest = { ...plain, notAfter, userData: null, ...sealed };
    const step = {
      ...stepOf(context, `launch/${String(one.launchIndex)}`),
      commandHash,
      first: context.unheard === true,
    };
    return this.executor.execute(instanceStream(one.instanceId), { type: 'LaunchInstance', data }, step);
  }
}

const hasCode = (error: unknown, code: string): boolean => (error as Partial<DomainError>).code === code;

interface OneServer {
  readonly projectId: string;
  readonly instanceId: string;
  readonly number: number;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly several: boolean;
  readonly autoFloatingIp: FloatingWish | undefined;
}

/** The launch request of one server, without its deadline and secrets. */
function requestOf(
  one: OneServer,
  asked: LaunchSpec,
  facts: LaunchFacts,
  { actor }: CommandContext,
): Omit<LaunchRequest, 'notAfter' | keyof Secrets> {
  const { several, autoFloatingIp, ...identity } = one;
  const name = several ? `${asked.name}-${String(one.launchIndex + 1)}` : asked.name;
  return {
    ...identity,
    ...facts,
    ...(autoFloatingIp === undefined ? {} : { autoFloatingIp }),
    userId: actor.userId,
    name,
    description: asked.description,
    hostname: asked.hostname ?? hostNameOf(name, one.instanceId),
    metadata: asked.metadata,
    ...(asked.tags === undefined ? {} : { tags: asked.tags }),
    availabilityZone: asked.availabilityZone,
    forcedHost: asked.forcedHost,
    securityGroups: asked.securityGroups,
    autoDiskConfig: asked.autoDiskConfig,
    ...(asked.accessIpV4 === undefined ? {} : { accessIpV4: asked.accessIpV4 }),
    ...(asked.accessIpV6 === undefined ? {} : { accessIpV6: asked.accessIpV6 }),
  };
}

/** Absent where nobody has set any. */
const givenLimits = (classLimits: Amounts): { readonly classLimits?: Amounts } =>
  Object.keys(classLimits).length === 0 ? {} : { classLimits };

/** How many servers that each count for so much the quota still allows. */
function fits(state: Quota, classLimits: Amounts, amounts: Amounts, userId: string): number {
  const user = userQuota(state, userId);
  const room = ([name, each]: readonly [string, number]): number => {
    const left = (limit: number, usage: Amounts): number =>
      limit < 0 || each === 0 ? Infinity : Math.floor((limit - (own(usage, name) ?? 0)) / each);
    const ofProject = left(limitOf({ ...classLimits, ...state.overrides }, name), state.usage);
    return Math.min(ofProject, left(own(user.overrides, name) ?? -1, user.usage));
  };
  return Math.min(...Object.entries(amounts).map(room));
}

/** `r-` and eight letters or digits, the same for a repeat of the command. */
function reservationOf(commandId: string): string {
  const number = BigInt(`0x${deriveId(commandId, 'reservation').replaceAll('-', '')}`);
  return `r-${number.toString(36).padStart(8, '0').slice(-8)}`;
}

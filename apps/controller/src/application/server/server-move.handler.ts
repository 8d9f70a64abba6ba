import {
  type Amounts,
  buildOf,
  commandOf,
  DomainError,
  type FlavorSpec,
  greaterOf,
  type InputOf,
  instance,
  instanceRef,
  type Instance,
  type OperationRequest,
  quota,
  QUOTA_CLASS,
  sizeAmounts,
  streamRef,
} from '@cairn/domain';
import { HostRow, type ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Enforcer } from '../../policy';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import type { ControllerConfig } from '../../config';
import { machineOf } from '../machine/hardware';
import { allocateNumber, CLOCK, CONFIG, EXECUTOR, judged, numberRegistry, POLICY, READ_MODEL, stepOf } from '../core';
import type { LaunchSettings } from './launch-settings';
import { ownServer } from './own-server';
import { hostNotFound } from './places';
import { LaunchResolver } from './server-launch.resolver';
import { OperateServer } from './server-operations.handler';

/** `resize`: to a flavor. `migrate`: to another host, which an administrator may name. */
export type MoveAsked =
  | { readonly name: 'resize'; readonly flavorId: string; readonly autoDiskConfig?: boolean }
  | { readonly name: 'migrate'; readonly host: string | null };

/** Resizes or migrates a server. */
export class MoveServer extends Command<void> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    readonly asked: MoveAsked,
    readonly context: CommandContext,
  ) {
    super();
  }
}

const NUMBERS = numberRegistry('migrations');

type Request = NonNullable<Instance['request']>;

/** What an operator decides about moves. */
type MoveSettings = Pick<ControllerConfig, 'allowResizeToSameHost' | 'resizeConfirmWindowSeconds'>;

/** What every move is asked with. */
type Move = Pick<InputOf<'migrate'>, 'number' | 'askedBy' | 'confirmAfterMs'>;

const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', code, message);
};

@CommandHandler(MoveServer)
export class MoveServerHandler implements ICommandHandler<MoveServer> {
  private readonly resolver: LaunchResolver;

  constructor(
    private readonly commands: CommandBus,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(POLICY) policy: Enforcer,
    @Inject(CONFIG) private readonly settings: LaunchSettings & MoveSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.resolver = new LaunchResolver(executor, readModel, policy, settings);
  }

  /** @throws DomainError `not-found`, `invalid`, `quota`, or `conflict` for a state that does not allow it. */
  async execute({ instanceId, projectId, asked, context }: MoveServer): Promise<void> {
    const { request, host } = await ownServer(this.executor, { instanceId, projectId });
    const here = host === undefined ? undefined : await this.executor.state(streamRef('host', host.hostId));
    // real hosts do not send each other disks: a server on one can only be resized there
    const onlyHost = here?.inventory?.virtType === 'simulated' ? undefined : host?.hostName;
    const { allowResizeToSameHost: sameHost } = this.settings;
    if (onlyHost !== undefined && (asked.name === 'migrate' || !sameHost))
      refuse('instance.no-disk-transfer', 'No valid host was found. Hosts do not send disks to each other.');
    const operations: OperationRequest[] = [];
    if (asked.name === 'migrate') {
      if (asked.host !== null) await this.requireHost(asked.host, host?.hostName);
      const named = asked.host === null ? {} : { host: asked.host };
      const migrate = (move: Move): OperationRequest => ({ name: 'migrate', input: { ...move, ...named } });
      operations.push(await this.numbered(migrate, instanceId, projectId, context));
    } else {
      const only = onlyHost === undefined ? {} : { onHost: onlyHost };
      const becoming = await this.resolver.flavor(asked.flavorId, request.projectId, context.actor);
      const limits = await this.requireQuota(request, becoming.flavor, context);
      const made = machineOf({ ...request.image, properties: request.imageProperties ?? {} }, becoming);
      const build = buildOf({ ...becoming, ...made });
      const input = { ...build, ...limits, ...only, sameHost };
      const resize = (move: Move): OperationRequest => ({ name: 'resize', input: { ...input, ...move } });
      operations.push(await this.numbered(resize, instanceId, projectId, context));
      if (asked.autoDiskConfig !== undefined)
        operations.push({ name: 'set-disk-config', input: { autoDiskConfig: asked.autoDiskConfig } });
    }
    await this.commands.execute(new OperateServer(instanceId, projectId, operations, context));
  }

  /**
   * The move with the number of its migration, the same for a repeat of the request. A move that the server refuses as it
   * is now takes no number; a repeat is left to the server, which knows its own command again.
   */
  private async numbered(
    moveWith: (move: Move) => OperationRequest,
    instanceId: string,
    ofProject: string | null,
    context: CommandContext,
  ): Promise<OperationRequest> {
    const { userId, projectId } = context.actor;
    const { resizeConfirmWindowSeconds: seconds } = this.settings;
    const later = seconds === 0 ? {} : { confirmAfterMs: seconds * 1000 };
    const numbered = (number: number): OperationRequest =>
      moveWith({ number, askedBy: { userId, projectId }, ...later });
    const { commandId } = stepOf(context, numbered(0).name);
    if (context.unheard === true) {
      const caller = { projectId, isAdmin: ofProject === null };
      const at = this.clock.now();
      const command = commandOf(numbered(0), at);
      await judged(this.executor, streamRef('instance', instanceId), (state) =>
        instance.decide(command, state, { commandId, at, caller }),
      );
    }
    return numbered(await allocateNumber(this.executor, NUMBERS, commandId, stepOf(context, 'number')));
  }

  /**
   * Refuses at once what the quota has no room for. The quota decides again when the resize begins, for of two resizes
   * at once it may have room for one.
   */
  private async requireQuota(
    { instanceId, projectId, flavor: before }: Request,
    flavor: FlavorSpec,
    { commandId }: CommandContext,
  ): Promise<{ readonly limits?: Amounts }> {
    const { overrides: classLimits } = await this.executor.state(QUOTA_CLASS);
    const amounts = greaterOf(sizeAmounts(before), sizeAmounts(flavor));
    const data = { owner: instanceRef(instanceId), amounts, version: Number.MAX_SAFE_INTEGER, classLimits };
    await judged(this.executor, streamRef('quota', projectId), (state) =>
      quota.decide({ type: 'ChangeReservation', data }, state, { commandId, at: '' }),
    );
    return Object.keys(classLimits).length === 0 ? {} : { limits: classLimits };
  }

  private async requireHost(name: string, own: string | undefined): Promise<void> {
    if (name === own) refuse('instance.same-host', 'Cannot migrate to the host where the server exists.');
    const rows = await this.readModel.rowsWith(HostRow, { name });
    if (rows.length === 0) throw hostNotFound(name);
  }
}

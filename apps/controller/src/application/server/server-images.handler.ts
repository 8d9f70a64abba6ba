import {
  type BootImages,
  DISK_BUSES,
  DomainError,
  type Hardware,
  type ImageProperties,
  type InputOf,
  lackingOf,
  type LaunchRequest,
  type OperationRequest,
  streamRef,
} from '@cairn/domain';
import type { ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ControllerConfig } from '../../config';
import type { Keyring } from '../../keyring';
import type { Enforcer } from '../../policy';
import type { CommandContext, Executor } from '../../runtime/ports';
import { CONFIG, EXECUTOR, KEYRING, POLICY, READ_MODEL } from '../core';
import { adminPassOf } from './admin-pass';
import { machineOf } from '../machine/hardware';
import { rescueDiskOf } from '../machine/rescue-disk';
import { requireFileLimits } from './file-limits';
import type { LaunchSettings } from './launch-settings';
import { ownServer } from './own-server';
import { LaunchResolver, requireFit } from './server-launch.resolver';
import { OperateServer } from './server-operations.handler';
import { type InjectedFile, sealedSecrets, secretsOf } from './secrets';

type Changes = InputOf<'rebuild'>['changes'];

/** What is absent stays as it is. */
export interface RebuildAsked extends Pick<
  Changes,
  'name' | 'description' | 'hostname' | 'metadata' | 'keyName' | 'autoDiskConfig' | 'accessIpV4' | 'accessIpV6'
> {
  readonly imageId: string;
  readonly userData?: Buffer | null;
  readonly files?: readonly InjectedFile[];
  /** Absent: generated. */
  readonly adminPass?: string;
  readonly preserveEphemeral: boolean;
}

/** Makes a server's root disk again. The answer is the administrator's password. */
export class RebuildServer extends Command<string> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    readonly asked: RebuildAsked,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Boots a server from another image, or from its own. The answer is the administrator's password. */
export class RescueServer extends Command<string> {
  constructor(
    readonly instanceId: string,
    readonly projectId: string | null,
    /** Null: the image that the server was built from. */
    readonly imageId: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Looks up what an operation names, and asks the server for it. */
@Injectable()
abstract class ImageHandler {
  protected readonly resolver: LaunchResolver;

  constructor(
    private readonly commands: CommandBus,
    @Inject(EXECUTOR) protected readonly executor: Executor,
    @Inject(KEYRING) protected readonly keyring: Keyring,
    @Inject(READ_MODEL) readModel: ReadModel,
    @Inject(POLICY) policy: Enforcer,
    @Inject(CONFIG) protected readonly settings: LaunchSettings & Pick<ControllerConfig, 'rescueTimeoutSeconds'>,
  ) {
    this.resolver = new LaunchResolver(executor, readModel, policy, settings);
  }

  protected async operate(
    { instanceId, projectId, context }: RebuildServer | RescueServer,
    operation: OperationRequest,
  ): Promise<string> {
    await this.commands.execute(new OperateServer(instanceId, projectId, [operation], context));
    return adminPassOf(this.keyring, instanceId);
  }
}

@CommandHandler(RebuildServer)
export class RebuildServerHandler extends ImageHandler implements ICommandHandler<RebuildServer> {
  /** @throws DomainError `not-found`, `invalid`, `quota`, or `conflict` for a state that does not allow it. */
  async execute(command: RebuildServer): Promise<string> {
    const { imageId, userData, files, adminPass, preserveEphemeral, ...described } = command.asked;
    const { request, host } = await ownServer(this.executor, command);
    const { projectId } = request;
    const { actor } = command.context;
    if (described.metadata !== undefined)
      await this.resolver.requireMetadataLimit(projectId, actor.userId, described.metadata);
    await requireFileLimits(this.executor, projectId, actor.userId, files);
    const bootable = await this.resolver.bootable(imageId, actor);
    requireFit(bootable, request.flavor);
    const machine = machineOf(bootable.image.record, request);
    await this.requireHost(host?.hostId, machine.hardware);
    const { keyName } = described;
    const drive = request.configDrive ?? bootable.boot.configDrive;
    const secrets = secretsOf({ userData, files, adminPass }, drive !== undefined);
    const changes: Changes = {
      ...described,
      machine: {},
      ...bootable.boot,
      imageProperties: {},
      hardware: {},
      ...machine,
      ...(drive === undefined ? {} : { configDrive: drive }),
      ...(keyName === undefined ? {} : { publicKey: await this.resolver.key(keyName, actor) }),
      ...(await sealedSecrets(this.keyring, request, secrets)),
    };
    return this.operate(command, { name: 'rebuild', input: { changes, preserveEphemeral } });
  }

  /** The server stays where it is, whatever the image asks for. */
  private async requireHost(hostId: string | undefined, hardware: Hardware | undefined): Promise<void> {
    if (hostId === undefined || hardware === undefined) return;
    const { inventory } = await this.executor.state(streamRef('host', hostId));
    const lacking = inventory === null ? [] : lackingOf(hardware, inventory.capabilities);
    if (lacking.length === 0) return;
    const message = `No valid host was found. The host of the server lacks ${lacking.join(', ')}.`;
    throw new DomainError('invalid', 'machine.host-lacks', message);
  }
}

@CommandHandler(RescueServer)
export class RescueServerHandler extends ImageHandler implements ICommandHandler<RescueServer> {
  /** @throws DomainError `not-found`, `invalid`, or `conflict` for a state that does not allow it. */
  async execute(command: RescueServer): Promise<string> {
    const { request, host } = await ownServer(this.executor, command);
    const { imageId, context } = command;
    const seconds = this.settings.rescueTimeoutSeconds;
    const ends = seconds === 0 ? {} : { endsAfterMs: seconds * 1000 };
    const { boot, properties } = await this.rescueImage(imageId, request, context);
    const disk = rescueDiskOf(properties, request.hardware ?? {}, await this.busesOf(host?.hostId));
    const rescue = { ...boot, ...(disk === undefined ? {} : { disk }) };
    return this.operate(command, { name: 'rescue', input: { rescue, ...ends } });
  }

  private async rescueImage(
    imageId: string | null,
    { image, kernel, ramdisk, imageProperties = {} }: LaunchRequest,
    { actor }: CommandContext,
  ): Promise<{ readonly boot: BootImages; readonly properties: ImageProperties }> {
    if (imageId === null) return { boot: { image, kernel, ramdisk }, properties: imageProperties };
    const { boot, image: found } = await this.resolver.bootable(imageId, actor);
    const own = { image: boot.image, kernel: boot.kernel, ramdisk: boot.ramdisk };
    return { boot: own, properties: found.record.properties };
  }

  /** Of a host of a release that does not tell, those of every host. */
  private async busesOf(hostId: string | undefined): Promise<readonly string[]> {
    const host = hostId === undefined ? undefined : await this.executor.state(streamRef('host', hostId));
    const capabilities = host?.inventory?.capabilities;
    return capabilities === undefined
      ? DISK_BUSES
      : DISK_BUSES.filter((bus) => capabilities.includes(`diskBus:${bus}`));
  }
}

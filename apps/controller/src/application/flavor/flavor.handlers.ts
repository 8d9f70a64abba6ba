import { DomainError, type FlavorRecord, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { FLAVOR_NAMES, UniqueNames } from '../core/unique-names';
import type { CommandContext, Executed, Executor } from '../../runtime/ports';

export class CreateFlavor extends Command<void> {
  constructor(
    readonly flavor: FlavorRecord,
    readonly context: CommandContext,
  ) {
    super();
  }
}

export class DeleteFlavor extends Command<void> {
  constructor(
    readonly flavorId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Lets a project in or out; answers with those that are in. */
export class ChangeFlavorAccess extends Command<readonly string[]> {
  constructor(
    readonly flavorId: string,
    readonly type: 'GrantFlavorAccess' | 'RevokeFlavorAccess',
    readonly projectId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

const stream = (flavorId: string) => streamRef('flavor', flavorId);

const exists = (what: string): DomainError =>
  new DomainError('conflict', 'flavor.exists', `Flavor with ${what} already exists.`);

@CommandHandler(CreateFlavor)
export class CreateFlavorHandler implements ICommandHandler<CreateFlavor> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, FLAVOR_NAMES);
  }

  /** @throws DomainError `flavor.exists` for a name or id that is taken. */
  async execute({ flavor, context }: CreateFlavor): Promise<void> {
    const { life, record } = await this.executor.state(stream(flavor.flavorId));
    if (life === 'live' && record?.name !== flavor.name) throw exists(`ID ${flavor.flavorId}`);
    if (!(await this.names.claimed(flavor.name, flavor.flavorId, context))) throw exists(`name ${flavor.name}`);
    const created = await this.create(flavor, context);
    await this.names.confirm(flavor.name, flavor.flavorId, context);
    await this.writes.settled(created);
  }

  /** The command's id tells a repeated creation from a second flavor with that id. */
  private create(flavor: FlavorRecord, context: CommandContext): Promise<Executed> {
    const { flavorId } = flavor;
    const command = { type: 'CreateFlavor', data: flavor } as const;
    return this.executor.execute(stream(flavorId), command, stepOf(context, 'create')).catch((error: unknown) => {
      throw error instanceof DomainError && error.code === 'flavor.exists' ? exists(`ID ${flavorId}`) : error;
    });
  }
}

@CommandHandler(DeleteFlavor)
export class DeleteFlavorHandler implements ICommandHandler<DeleteFlavor> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, FLAVOR_NAMES);
  }

  /**
   * Running servers keep the flavor that they were launched with.
   * @throws DomainError `not-found`.
   */
  async execute({ flavorId, context }: DeleteFlavor): Promise<void> {
    const { record } = await this.executor.state(stream(flavorId));
    const command = { type: 'DeleteFlavor', data: {} } as const;
    const deleted = await this.executor.execute(stream(flavorId), command, stepOf(context, 'delete'));
    if (record !== undefined) await this.names.release(record.name, flavorId, context);
    await this.writes.settled(deleted);
  }
}

@CommandHandler(ChangeFlavorAccess)
export class ChangeFlavorAccessHandler implements ICommandHandler<ChangeFlavorAccess> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `project.not-valid`, or what the flavor refuses. */
  async execute({ flavorId, type, projectId, context }: ChangeFlavorAccess): Promise<readonly string[]> {
    const { life } = await this.executor.state(streamRef('project', projectId));
    if (life !== 'live')
      throw new DomainError('invalid', 'project.not-valid', `Project ID ${projectId} is not a valid project.`);
    const changed = await this.executor.execute(stream(flavorId), { type, data: { projectId } }, context);
    await this.writes.settled(changed);
    return (await this.executor.state(stream(flavorId))).access;
  }
}

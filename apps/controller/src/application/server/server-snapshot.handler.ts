import {
  deriveId,
  DomainError,
  type ImageRecord,
  type Instance,
  newImageRecord,
  type OperationRequest,
  type SnapshotImage,
  snapshotImageId,
  streamRef,
} from '@cairn/domain';
import { ImageRow, type ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { CONFIG, EXECUTOR, READ_MODEL, ReadYourWrites, stepOf } from '../core';
import { HIDDEN } from '../image/image-view';
import { userLimit } from '../quota/project-limit';
import { ownServer } from './own-server';
import { OperateServer } from './server-operations.handler';

/** What nova says of the image of a server that is shelved. */
const SHELVED = { metadata: {}, backup: null } as const;

export interface SnapshotAsked {
  readonly name: string;
  /** Becomes properties of the image. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Null for an image that is no backup. Of the backups of a type the newest `rotation` stay. */
  readonly backup: { readonly type: string; readonly rotation: number } | null;
}

/** Makes an image of a server's root disk. Answers with the image's id, as soon as the image is known. */
export class SnapshotServer extends Command<string> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    /** `shelve`: the server is shelved with that image. */
    readonly asked: SnapshotAsked | 'shelve',
    readonly context: CommandContext,
  ) {
    super();
  }
}

type Request = NonNullable<Instance['request']>;

@CommandHandler(SnapshotServer)
export class SnapshotServerHandler implements ICommandHandler<SnapshotServer> {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: ReadYourWrites,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'shelvedOffloadSeconds'>,
  ) {}

  /** @throws DomainError `not-found`, `conflict` for a state that does not allow it, `forbidden` for too much metadata. */
  async execute({ instanceId, projectId, asked: wanted, context }: SnapshotServer): Promise<string> {
    const { request } = await ownServer(this.executor, { instanceId, projectId });
    const asked = wanted === 'shelve' ? { name: `${request.name}-shelved`, ...SHELVED } : wanted;
    await this.requireMetadataLimit(request.projectId, context.actor.userId, asked);
    const image = await this.describe(request, asked, context);
    const operation: OperationRequest =
      wanted === 'shelve'
        ? { name: 'shelve', input: { image, offloadAfterMs: this.offloadAfterMs() } }
        : asked.backup === null
          ? { name: 'createImage', input: { image } }
          : {
              name: 'createBackup',
              input: { image, ...(await this.rotated(instanceId, image.projectId, asked.backup)) },
            };
    await this.commands.execute(new OperateServer(instanceId, projectId, [operation], context));
    const begun = stepOf(context, operation.name).commandId;
    await this.makeKnown(snapshotImageId(begun), image, { ...context, causationId: begun });
    return snapshotImageId(begun);
  }

  private offloadAfterMs(): number | null {
    const { shelvedOffloadSeconds: seconds } = this.config;
    return seconds < 0 ? null : seconds * 1000;
  }

  /** As the server's process does it, with the same id, and until its row is there: the caller looks for it at once. */
  private async makeKnown(imageId: string, image: SnapshotImage, context: CommandContext): Promise<void> {
    const { unheard: _unheard, keyed: _keyed, ...known } = context;
    const command = { type: 'CreateImage', data: newImageRecord(imageId, image) } as const;
    const step = { ...known, commandId: deriveId(imageId, 'create') };
    // the process tries again, and knows what to do about a refusal
    const made = await this.executor.execute(streamRef('image', imageId), command, step).catch(() => undefined);
    if (made !== undefined) await this.writes.settled(made);
  }

  private async requireMetadataLimit(projectId: string, userId: string, { metadata }: SnapshotAsked): Promise<void> {
    const limit = await userLimit(this.executor, projectId, userId, 'metadata_items');
    if (limit < 0 || Object.keys(metadata).length <= limit) return;
    throw new DomainError('forbidden', 'image.too-much-metadata', 'Image metadata limit exceeded');
  }

  /**
   * What nova 26.1 says of a snapshot (`compute/utils.py`, `virt/libvirt/driver.py`): the properties of the image that the
   * server was launched from (of its machine, as they were then), what the caller adds, and where it comes from. The caller's project owns it.
   */
  private async describe(
    request: Request,
    { name, metadata, backup }: SnapshotAsked,
    { actor }: CommandContext,
  ): Promise<SnapshotImage> {
    const { record: base } = await this.executor.state(streamRef('image', request.image.imageId));
    const { instanceId, flavor, projectId } = request;
    const owner = actor.projectId ?? projectId;
    return {
      projectId: owner,
      name,
      visibility: owner === projectId ? 'private' : 'shared',
      minDiskGb: Math.max(base?.minDiskGb ?? 0, flavor.rootGb),
      minRamMb: base?.minRamMb ?? 0,
      properties: {
        ...inherited(base),
        ...request.imageProperties,
        base_image_ref: request.image.imageId,
        instance_uuid: instanceId,
        user_id: actor.userId,
        image_type: backup === null ? 'snapshot' : 'backup',
        ...(backup === null ? {} : { backup_type: backup.type }),
        ...(owner === projectId ? {} : { instance_owner: projectId }),
        ...metadata,
        image_location: 'snapshot',
        image_state: 'available',
        owner_id: projectId,
      },
    };
  }

  /** The backups of that type that are too many once there is one more, and whether that one is itself. */
  private async rotated(
    instanceId: string,
    projectId: string,
    { type, rotation }: NonNullable<SnapshotAsked['backup']>,
  ): Promise<{ readonly rotated: readonly string[]; readonly kept: boolean }> {
    const rows = await this.readModel.read((all) => all.find(ImageRow, { where: { projectId, status: 'active' } }));
    const backups = rows
      .filter(({ properties: { instance_uuid, image_type, backup_type } }) => {
        return instance_uuid === instanceId && image_type === 'backup' && backup_type === type;
      })
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return { rotated: backups.slice(Math.max(0, rotation - 1)).map(({ id }) => id), kept: rotation > 0 };
  }
}

/** nova's non_inheritable_image_properties, and what is no property elsewhere. */
const NOT_INHERITED: readonly RegExp[] = [
  /^(cache_in_nova|bittorrent)$/,
  /^(img_signature|signature_verified)/,
  /^(backup_type|instance_owner)$/,
  new RegExp(`^${HIDDEN}$`),
];

const inherited = (base: ImageRecord | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(base?.properties ?? {}).filter(([name]) => !NOT_INHERITED.some((pattern) => pattern.test(name))),
  );

import { Inject, Injectable } from '@nestjs/common';
import { deriveId, type ImageChanges, type ImageCommand, type ImageRecord, streamRef } from '@cairn/domain';
import { KeyedMutex } from '@cairn/turns';

import type { CommandContext, Executor } from '../../runtime/ports';
import { type Caller, commandContext, EXECUTOR, RANDOM, Writes } from '../core';
import type { Random } from '../../random';
import { canSee, noImage, requireMay } from './access';
import { type ImageView, viewOfState } from './image-view';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads single images from the log, so that a reader sees every earlier write. */
@Injectable()
export class Images {
  /** Runs the changes of one image one after the other, so that neither of two new tags is lost. */
  private readonly changing = new KeyedMutex();

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(RANDOM) private readonly random: Random,
    private readonly writes: Writes,
  ) {}

  /** An image that the caller may know of. @throws DomainError `not-found`. */
  async show(caller: Caller, imageId: string): Promise<ImageView> {
    const image = await this.find(imageId);
    if (image === undefined || !canSee(caller, image.record)) throw noImage(imageId);
    return image;
  }

  /**
   * An image that the caller may change.
   * @param action Glance's name of the action, for the refusal.
   * @throws DomainError `not-found`, or `forbidden` for others' images.
   */
  async showForChange(caller: Caller, imageId: string, action: string): Promise<ImageView> {
    const image = await this.show(caller, imageId);
    requireMay(caller, action, image.record);
    return image;
  }

  /** @param describe makes the record for the id, which is new unless the request names one. */
  async create(caller: Caller, describe: (freshId: string) => ImageRecord): Promise<ImageView> {
    const context = commandContext(caller, 'create-image', this.random);
    const record = describe(deriveId(context.commandId, 'image'));
    await this.settle(record.imageId, { type: 'CreateImage', data: record }, context);
    return this.show(caller, record.imageId);
  }

  async change(
    caller: Caller,
    imageId: string,
    changed: (image: ImageRecord) => ImageChanges,
    action = 'modify_image',
  ): Promise<ImageView> {
    const context = commandContext(caller, `change-image/${imageId}`, this.random);
    await this.changing.run(imageId, async () => {
      const { record } = await this.showForChange(caller, imageId, action);
      await this.settle(imageId, { type: 'UpdateImage', data: changed(record) }, context);
    });
    return this.show(caller, imageId);
  }

  async delete(caller: Caller, imageId: string): Promise<void> {
    await this.showForChange(caller, imageId, 'delete_image');
    const context = commandContext(caller, `delete-image/${imageId}`, this.random);
    await this.settle(imageId, { type: 'DeleteImage', data: {} }, context);
  }

  /** Sends a command to an image and waits for the read model. */
  async settle(imageId: string, command: ImageCommand, context: CommandContext): Promise<void> {
    await this.writes.execute(streamRef('image', imageId), command, context);
  }

  private async find(imageId: string): Promise<ImageView | undefined> {
    if (!UUID.test(imageId)) return undefined;
    return viewOfState(await this.executor.state(streamRef('image', imageId)));
  }
}

import {
  deriveId,
  DomainError,
  type Image,
  type ImageCommand,
  type ImageRecord,
  later,
  streamRef,
} from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';

import type { BlobStore } from '../../blobs';
import { systemContext } from '../../runtime/context';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { NO_CAUSE } from '../../runtime/snapshots';
import { BLOBS, CLOCK, EXECUTOR, judged } from '../core';
import { ImageQuota } from './image-quota';
import { ImageGone } from './upload';

/** What hosts send: DiskCopy of the agent. */
const FORM = { diskFormat: 'qcow2', containerFormat: 'bare' } as const;

/** How long the event of an upload may take once its bytes are stored. */
const PATIENCE_MS = 30_000;

type Wanted = Image & { readonly record: ImageRecord };

/** The images that hosts make of disks: a host sends the one that a server on it is being copied to, and no other. */
@Injectable()
export class HostImages {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Pick<Executor, 'execute' | 'state' | 'latest'>,
    @Inject(ImageQuota) private readonly quota: Pick<ImageQuota, 'during'>,
    @Inject(BLOBS) private readonly blobs: Pick<BlobStore, 'put'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The host begins to copy the disk. @throws ImageGone when nobody wants the image any more. */
  async announce(hostId: string, instanceId: string, imageId: string): Promise<void> {
    await this.wanted(hostId, instanceId, imageId);
    await this.progress(instanceId, imageId, 'copying');
  }

  /**
   * Keeps the image's bits and makes it active; an image that is active already stays as it is.
   * @param announced how many bytes are said to come
   * @throws ImageGone; BlobTooLarge, StoreFull, UploadBroken, ImageQuotaFull.
   */
  async take(
    hostId: string,
    instanceId: string,
    imageId: string,
    bytes: AsyncIterable<Uint8Array>,
    announced: number,
  ): Promise<void> {
    const { status, record } = await this.wanted(hostId, instanceId, imageId);
    if (status === 'active') return;
    await Promise.all([
      this.tell(imageId, { type: 'BeginImageUpload', data: FORM }, this.context(deriveId(imageId, 'begin'))),
      this.progress(instanceId, imageId, 'uploading'),
    ]);
    await this.quota.during(record.projectId, announced, async (metered) => {
      const data = await this.blobs.put(metered(bytes));
      const context = this.context(deriveId(imageId, 'uploaded', data.sha256));
      await this.tell(imageId, { type: 'RecordImageUploaded', data }, context);
    });
  }

  private async wanted(hostId: string, instanceId: string, imageId: string): Promise<Wanted> {
    await judged(this.executor, streamRef('instance', instanceId), ({ operation, host }) => {
      if (operation?.snapshot?.imageId !== imageId || host?.hostId !== hostId) throw new ImageGone(imageId);
    });
    return judged(this.executor, streamRef('image', imageId), (image) => {
      const { record, status } = image;
      if (record === undefined || status === 'deleted') throw new ImageGone(imageId);
      return { ...image, record };
    });
  }

  private async progress(instanceId: string, imageId: string, stage: 'copying' | 'uploading'): Promise<void> {
    const command = { type: 'RecordSnapshotProgress', data: { imageId, stage } } as const;
    await this.executor.execute(streamRef('instance', instanceId), command, this.context(deriveId(imageId, stage)));
  }

  private async tell(imageId: string, command: ImageCommand, context: CommandContext): Promise<void> {
    await this.executor.execute(streamRef('image', imageId), command, context).catch((error: unknown) => {
      throw error instanceof DomainError && error.kind !== 'unavailable' ? new ImageGone(imageId) : error;
    });
  }

  private context(commandId: string): CommandContext {
    const context = systemContext('hosts', commandId, NO_CAUSE, this.clock);
    return { ...context, deadline: later(this.clock.now(), PATIENCE_MS) };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { type ImageSpec, streamRef, isOf } from '@cairn/domain';

import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR } from '../core';
import { lookedFor } from './looked-for';

/**
 * The images that a host may fetch: those that it is to have in advance, and those of its claims' instances, even if the
 * image is deleted by now.
 */
@Injectable()
export class ClaimedImage {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The image as the request or the launch recorded it; undefined when that host needs no such image. */
  find(hostId: string, imageId: string): Promise<ImageSpec | undefined> {
    return lookedFor(this.clock, () => this.look(hostId, imageId));
  }

  private async look(hostId: string, imageId: string): Promise<ImageSpec | undefined> {
    const { claims, wanted } = await this.executor.state(streamRef('host', hostId));
    const early = wanted.find(({ image }) => image.imageId === imageId);
    if (early !== undefined) return early.image;
    for (const { owner } of claims.values()) {
      if (!isOf('instance', owner)) continue;
      const { request, rescue, disks } = await this.executor.state(owner);
      const images = [request, rescue].flatMap((boot) => [boot?.image, boot?.kernel, boot?.ramdisk]);
      const image = [...images, disks?.image].find((each) => each?.imageId === imageId);
      if (image !== undefined && image !== null) return image;
    }
    return undefined;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { type ImageSpec, streamRef, isOf } from '@cairn/domain';

import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR } from '../core';

/** How often to look for a claim, and how long to wait in between: another controller may have just recorded it. */
const TRIES = 4;
const PAUSE_MS = 250;

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
  async find(hostId: string, imageId: string): Promise<ImageSpec | undefined> {
    for (let left = TRIES; left > 0; left -= 1) {
      const image = await this.look(hostId, imageId);
      if (image !== undefined) return image;
      if (left > 1) await this.clock.sleep(PAUSE_MS);
    }
    return undefined;
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

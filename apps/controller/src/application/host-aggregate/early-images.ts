import { DomainError, type HostAggregate, type ImageSpec, isUp, later, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '../../log';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { type Caller, CLOCK, EXECUTOR, LOG, stepOf, Writes } from '../core';
import { imageSpec } from '../image/image-spec';
import { Images } from '../image/images';
import { HostAggregateWrites } from './host-aggregates';

/** How long hosts have for all images of a request. */
const LIMIT_MS = 60 * 60_000;

/** Lets the hosts of an aggregate fetch images before servers need them. */
@Injectable()
export class EarlyImages {
  constructor(
    private readonly aggregates: HostAggregateWrites,
    private readonly images: Images,
    private readonly writes: Writes,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Asks every host of the aggregate that is up; what each says follows in its stream.
   * @throws DomainError `host-aggregate.not-found`, or `invalid` for an image that is not there or has no data.
   */
  async want(number: number, imageIds: readonly string[], caller: Caller, context: CommandContext): Promise<void> {
    const { hosts } = await this.aggregates.find(number);
    const images: ImageSpec[] = [];
    for (const imageId of imageIds) images.push(await this.image(caller, imageId));
    const notAfter = later(this.clock.now(), LIMIT_MS);
    const asked = await Promise.all(hosts.map((host) => this.ask(host, { images, notAfter }, context)));
    const skipped = asked.filter((each) => !each).length;
    this.log.info('hosts fetch images in advance', { images: imageIds.length, hosts: hosts.length - skipped, skipped });
  }

  /** @returns false for a host that is down, or left meanwhile. */
  private async ask(
    { hostId }: HostAggregate['hosts'][number],
    data: { readonly images: readonly ImageSpec[]; readonly notAfter: string },
    context: CommandContext,
  ): Promise<boolean> {
    const host = streamRef('host', hostId);
    if (!isUp(await this.executor.state(host))) return false;
    await this.writes.execute(host, { type: 'WantImages', data }, stepOf(context, `images/${hostId}`));
    return true;
  }

  private async image(caller: Caller, imageId: string): Promise<ImageSpec> {
    const found = await this.images.show(caller, imageId.toLowerCase()).catch((error: unknown) => {
      if (!(error instanceof DomainError) || error.kind !== 'not-found') throw error;
      throw refusal('image.not-found', `Image ${imageId} could not be found.`);
    });
    const { record, status, blob } = found;
    if (status !== 'active' || blob === undefined) throw refusal('image.not-active', `Image ${imageId} is not active.`);
    return imageSpec(record, blob);
  }
}

const refusal = (code: string, message: string): DomainError => new DomainError('invalid', code, message);

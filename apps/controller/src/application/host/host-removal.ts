import { DNS, DomainError, hostOccupied, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, stepOf, Writes } from '../core';
import { HostAggregateWrites } from '../host-aggregate/host-aggregates';
import { HostQuery } from './host.query';

/** Takes hosts out of the cloud. */
@Injectable()
export class HostRemoval {
  constructor(
    private readonly hosts: HostQuery,
    private readonly aggregates: HostAggregateWrites,
    private readonly writes: Writes,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /**
   * First out of its aggregates, then out of the cloud, as nova does.
   * @throws DomainError `conflict` while servers are there, or on their way from or to there.
   */
  async remove(hostId: string, name: string, context: CommandContext): Promise<void> {
    const host = streamRef('host', hostId);
    const { claims } = await this.executor.latest(host);
    if (((await this.hosts.serversOn([hostId])).get(hostId) ?? []).length > 0) throw hostOccupied();
    if (claims.size > 0) throw stillMoving();
    for (const number of await this.aggregates.ofHost(hostId))
      await this.aggregates.removeHost(number, name, stepOf(context, `aggregate/${String(number)}`));
    // first: nobody would be told a second time that a host is gone
    await this.executor.execute(DNS, { type: 'RemoveDnsHost', data: { hostId } }, stepOf(context, 'names'));
    try {
      await this.writes.execute(host, { type: 'RemoveHost', data: {} }, stepOf(context, 'host'));
    } catch (error) {
      await this.executor.execute(DNS, { type: 'AddDnsHost', data: { hostId } }, stepOf(context, 'names-again'));
      throw error;
    }
  }
}

/** Nova's words for a server that has left, or comes, and is not confirmed there. */
const stillMoving = (): DomainError =>
  new DomainError(
    'conflict',
    'host.moving',
    'Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first.',
  );

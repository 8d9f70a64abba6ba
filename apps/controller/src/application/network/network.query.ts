import { Inject, Injectable } from '@nestjs/common';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { streamRef } from '@cairn/domain';
import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR, READ_MODEL } from '../core';

/** Networks that are not deleted. */
@Injectable()
export class NetworkQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<NetworkRow | null> {
    const [row = null] = await this.readModel.rowsWith(NetworkRow, { id, deleted: false });
    return row;
  }

  /** A network by id; read from the log as long as it has no row. */
  async made(id: string): Promise<NetworkRow> {
    const row = await this.find(id);
    if (row !== null) return row;
    const { spec, rangeStart, rangeEnd } = await this.executor.state(streamRef('network', id));
    const { networkId: _id, ...rest } = spec;
    const now = this.clock.now();
    return { id, ...rest, rangeStart, rangeEnd, usedAddresses: 0, deleted: false, createdAt: now, deletedAt: null };
  }
}

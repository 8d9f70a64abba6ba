import { Inject, Injectable } from '@nestjs/common';
import { NetworkRow, type ReadModel, shownOf } from '@cairn/projections';
import { DomainError, streamRef } from '@cairn/domain';
import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR, READ_MODEL } from '../core';
import { isUsable } from './usable-networks';

/** Networks that are not deleted. */
@Injectable()
export class NetworkQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param projectId whose it must be, unless it is everybody's; null: any project's. */
  async find(id: string, projectId: string | null): Promise<NetworkRow | null> {
    const [row = null] = await this.readModel.rowsWith(NetworkRow, { id, deleted: false });
    return row === null || projectId === null || isUsable(row, projectId) ? row : null;
  }

  /** The same. @throws DomainError `network.not-found`, in nova's words. */
  async get(id: string, projectId: string | null): Promise<NetworkRow> {
    const row = await this.find(id, projectId);
    if (row === null) throw new DomainError('not-found', 'network.not-found', 'Network not found');
    return row;
  }

  /** A network by id; read from the log as long as it has no row. */
  async made(id: string): Promise<NetworkRow> {
    const row = await this.find(id, null);
    if (row !== null) return row;
    const { spec, rangeStart, rangeEnd, projectId, gateway } = await this.executor.state(streamRef('network', id));
    const state = { usedAddresses: 0, deleted: false, createdAt: this.clock.now(), updatedAt: null, deletedAt: null };
    return { ...shownOf(spec), rangeStart, rangeEnd, gatewayHostId: gateway, projectId, priority: null, ...state };
  }
}

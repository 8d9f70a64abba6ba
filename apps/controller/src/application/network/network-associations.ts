import { streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext } from '../../runtime/ports';
import { READ_MODEL, stepOf, Writes } from '../core';
import { noneLeft } from './project-network';
import { byPriority } from './usable-networks';

/** Which project's guests a network is for. */
@Injectable()
export class NetworkAssociations {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    private readonly writes: Writes,
  ) {}

  /**
   * Gives a network that no project has to one.
   * @param networkId null: any. @throws DomainError `network.none-left`.
   */
  async add(networkId: string | null, projectId: string, context: CommandContext): Promise<void> {
    const rows = await this.readModel.rowsWith(NetworkRow, { deleted: false });
    const free = rows.filter((row) => row.projectId === null && (networkId === null || row.id === networkId));
    const [chosen] = free.sort(byPriority);
    if (chosen === undefined) throw noneLeft();
    const command = { type: 'AssociateNetwork', data: { projectId } } as const;
    await this.writes.execute(streamRef('network', chosen.id), command, stepOf(context, 'associate'));
  }

  /** Takes the network from its project. */
  async remove(networkId: string, context: CommandContext): Promise<void> {
    const command = { type: 'DisassociateNetwork', data: {} } as const;
    await this.writes.execute(streamRef('network', networkId), command, stepOf(context, 'disassociate'));
  }
}

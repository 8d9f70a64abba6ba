import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CommandOf, deriveId, streamRef } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import type { CreateNetwork } from '../../../../application/network/network.handlers';
import { NetworkQuery } from '../../../../application/network/network.query';
import type { Random } from '../../../../random';
import type { CommandContext } from '../../../../runtime/ports';
import type { ComputeRequest } from '../shared/compute-request';

type Deletion = Extract<CommandOf<'network'>, { readonly type: 'DeleteNetwork' }>['data'];

/** Makes and deletes networks in a caller's name. */
@Injectable()
export class NetworkOperator {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: Writes,
    private readonly networks: NetworkQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /**
   * @param commandsOf what to do, in order, given the id of the first network and the context of the request
   * @returns the first network
   */
  async create(
    { caller }: ComputeRequest,
    commandsOf: (id: string, context: CommandContext) => readonly CreateNetwork[],
  ): Promise<NetworkRow> {
    const context = commandContext(caller, 'create-network', this.random);
    const id = deriveId(context.commandId, 'network');
    for (const command of commandsOf(id, context)) await this.commands.execute(command);
    return this.networks.made(id);
  }

  /** @param projectId whose it must be, unless it is everybody's; null: any project's. @throws DomainError `network.not-found` */
  async remove(id: string, projectId: string | null, data: Deletion, { caller }: ComputeRequest): Promise<void> {
    await this.networks.get(id, projectId);
    const context = commandContext(caller, `delete-network/${id}`, this.random);
    await this.writes.execute(streamRef('network', id), { type: 'DeleteNetwork', data }, context);
  }
}

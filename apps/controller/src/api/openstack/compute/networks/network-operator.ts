import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CommandOf, deriveId, streamRef } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { commandContext, RANDOM, stepOf, Writes } from '../../../../application/core';
import { CreateNetwork, type NewNetwork } from '../../../../application/network/network.handlers';
import { NetworkQuota } from '../../../../application/network/network-quota';
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
    private readonly quota: NetworkQuota,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** @param networkOf what to make under that id */
  async create({ caller }: ComputeRequest, networkOf: (id: string) => NewNetwork): Promise<NetworkRow> {
    const { id, context } = this.begin(caller);
    await this.commands.execute(new CreateNetwork(networkOf(id), context));
    return this.networks.made(id);
  }

  /**
   * Makes networks for the caller's project, which count in its quota.
   * @param networksOf what to make, in order, given the id of the first network
   * @returns the first network
   */
  async createForTenant(
    { caller, projectId }: ComputeRequest,
    networksOf: (id: string) => readonly NewNetwork[],
  ): Promise<NetworkRow> {
    const { id, context } = this.begin(caller);
    await this.quota.counting(projectId, networksOf(id), context, async (networks) => {
      for (const one of networks)
        await this.commands.execute(new CreateNetwork(one, stepOf(context, one.spec.networkId)));
    });
    return this.networks.made(id);
  }

  private begin(caller: ComputeRequest['caller']): { readonly id: string; readonly context: CommandContext } {
    const context = commandContext(caller, 'create-network', this.random);
    return { id: deriveId(context.commandId, 'network'), context };
  }

  /** @param projectId whose it must be, unless it is everybody's; null: any project's. @throws DomainError `network.not-found` */
  async remove(id: string, projectId: string | null, data: Deletion, { caller }: ComputeRequest): Promise<void> {
    await this.networks.get(id, projectId);
    const context = commandContext(caller, `delete-network/${id}`, this.random);
    await this.writes.execute(streamRef('network', id), { type: 'DeleteNetwork', data }, context);
  }
}

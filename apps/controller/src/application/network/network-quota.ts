import { DomainError, networkRef, networkReservation, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { CONFIG, EXECUTOR, stepOf } from '../core';
import { confirmQuota, reserveQuota } from '../quota/reservations';
import type { NewNetwork } from './network.handlers';

/** In nova's words (14.1, `TenantNetworkController.create`). */
const REFUSAL = { code: 'network.quota', message: 'Quota exceeded, too many networks.' };

/** The quota of networks that tenants make themselves, where the operator wants one (nova: `enable_network_quota`). */
@Injectable()
export class NetworkQuota {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'enableNetworkQuota'>,
  ) {}

  /**
   * Makes networks of a project that count in its quota: all of them, or none if there is no room.
   * @throws DomainError `network.quota`, and what `make` throws.
   */
  async counting(
    projectId: string,
    networks: readonly NewNetwork[],
    context: CommandContext,
    make: (networks: readonly NewNetwork[]) => Promise<void>,
  ): Promise<void> {
    if (!this.config.enableNetworkQuota) return make(networks);
    const ids = networks.map(({ spec }) => spec.networkId);
    try {
      for (const id of ids) {
        const step = stepOf(context, `reserve-quota/${id}`);
        await reserveQuota(this.executor, projectId, networkReservation(id, context.actor.userId), REFUSAL, step);
      }
      await make(networks.map((network) => ({ ...network, countsFor: projectId })));
    } catch (error) {
      if (error instanceof DomainError) for (const id of ids) await this.giveUp(projectId, id, context);
      throw error;
    }
    await confirmQuota(this.executor, projectId, ids.map(networkRef), stepOf(context, 'confirm-quota'));
  }

  /** The network's own stream refuses if the network is there. If a step fails here, the quota settles it later. */
  private async giveUp(projectId: string, id: string, context: CommandContext): Promise<void> {
    const abandon = { type: 'AbandonCreation', data: { id } } as const;
    const release = { type: 'ReleaseQuota', data: { owner: networkRef(id) } } as const;
    await this.executor
      .execute(streamRef('network', id), abandon, stepOf(context, `give-up/${id}`))
      .then(() => this.executor.execute(streamRef('quota', projectId), release, stepOf(context, `give-back/${id}`)))
      .catch(() => undefined);
  }
}

import { DomainError, streamRef } from '@cairn/domain';
import type { NetworkRow } from '@cairn/projections';
import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../../runtime/ports';
import { Writes } from '../core';
import { HostQuery } from '../host/host.query';

/** Which host is the gateway of a network that has one for all guests. */
@Injectable()
export class NetworkGateways {
  constructor(
    private readonly hosts: HostQuery,
    private readonly writes: Writes,
  ) {}

  /** The names of the hosts that are, by network. */
  async namesOf(networks: readonly NetworkRow[]): Promise<(network: NetworkRow) => string | null> {
    if (networks.every(({ gatewayHostId }) => gatewayHostId === null)) return () => null;
    const names = new Map((await this.hosts.all()).map(({ id, name }) => [id, name]));
    return ({ gatewayHostId }) => names.get(gatewayHostId ?? '') ?? null;
  }

  /**
   * Makes a host the gateway; the one before, wherever it is, has to stop.
   * @param host its name; null: none is, until the next guest comes. @throws DomainError `host.not-found`
   */
  async move(networkId: string, host: string | null, context: CommandContext): Promise<void> {
    const row = host === null ? null : await this.hosts.byName(host);
    if (host !== null && row === null)
      throw new DomainError('not-found', 'host.not-found', `Compute host ${host} could not be found.`);
    const command = { type: 'MoveGateway', data: { hostId: row?.id ?? null } } as const;
    await this.writes.execute(streamRef('network', networkId), command, context);
  }
}

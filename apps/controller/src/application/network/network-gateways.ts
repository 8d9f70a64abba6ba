import { streamRef } from '@cairn/domain';
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

  /** For each of these networks the name of its host; null for a network that has none. */
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
    const hostId = host === null ? null : (await this.hosts.named(host)).id;
    const command = { type: 'MoveGateway', data: { hostId } } as const;
    await this.writes.execute(streamRef('network', networkId), command, context);
  }
}

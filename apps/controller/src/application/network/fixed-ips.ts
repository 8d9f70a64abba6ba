import { DomainError, isKept, parseCidr, parseIpv4, streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL, Writes } from '../core';
import { byAge } from './usable-networks';

/** An address of a network. */
export interface FixedIp {
  readonly address: string;
  readonly networkId: string;
  readonly cidr: string;
  /** It is not given out, or not again. */
  readonly reserved: boolean;
  /** Who has it; null for nobody. */
  readonly instanceId: string | null;
}

/** The addresses of networks, whether guests have them or not. */
@Injectable()
export class FixedIps {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: Writes,
  ) {}

  /** Undefined when no network has the address; of several that have it, the oldest counts. */
  async find(address: string): Promise<FixedIp | undefined> {
    const n = parseIpv4(address) ?? -1;
    const rows = await this.readModel.rowsWith(NetworkRow, { deleted: false });
    const has = ({ cidr: text }: NetworkRow): boolean => {
      const cidr = parseCidr(text);
      return cidr !== undefined && cidr.base <= n && n <= cidr.broadcast;
    };
    const [row] = rows.filter(has).sort(byAge);
    if (row === undefined) return undefined;
    const network = await this.executor.state(streamRef('network', row.id));
    const claim = network.claims.get(network.taken.get(address) ?? '');
    const instanceId = claim?.owner.category === 'instance' ? claim.owner.id : null;
    return { address, networkId: row.id, cidr: row.cidr, reserved: isKept(network, address), instanceId };
  }

  /** @throws DomainError `fixed-ip.not-found`, `network.address-beyond` for one that is not for guests at all. */
  async setReserved(address: string, reserved: boolean, context: CommandContext): Promise<void> {
    const found = await this.find(address);
    if (found === undefined) throw new DomainError('not-found', 'fixed-ip.not-found', `Fixed IP ${address} not found`);
    const type = reserved ? 'ReserveNetworkAddress' : 'UnreserveNetworkAddress';
    await this.writes.execute(streamRef('network', found.networkId), { type, data: { address } }, context);
  }
}

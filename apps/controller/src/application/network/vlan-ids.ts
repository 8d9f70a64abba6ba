import { DomainError, LAST_VLAN, streamRef } from '@cairn/domain';
import type { CommandContext, Executor } from '../../runtime/ports';
import { type NameKind, UniqueNames } from '../core/unique-names';

/** Two networks with one id would be one network: each id belongs to one network of the cloud. */
const VLAN_IDS: NameKind = {
  category: 'network',
  registry: 'vlans',
  keeps: async (executor, networkId) => {
    const { exists, deleted } = await executor.state(streamRef('network', networkId));
    return exists && !deleted;
  },
};

/** Which id a new network is to have: that one, or the first from there on that none has. */
export type WantedVlan = { readonly id: number } | { readonly from: number };

/** Which network has which VLAN. */
export class VlanIds {
  private readonly names: UniqueNames;

  constructor(executor: Executor) {
    this.names = new UniqueNames(executor, VLAN_IDS);
  }

  /** @throws DomainError `network.vlan-taken`, `network.vlan-outside`; in nova's words where it has any. */
  async claim(networkId: string, wanted: WantedVlan, context: CommandContext): Promise<number> {
    if ('from' in wanted) return this.firstFree(networkId, wanted.from, context);
    requireVlan(wanted.id);
    if (await this.claimed(wanted.id, networkId, context)) return wanted.id;
    const message = `Detected existing vlan with id ${String(wanted.id)}`; // nova's DuplicateVlan
    throw new DomainError('conflict', 'network.vlan-taken', message);
  }

  /** Of a network that is there. */
  confirm(id: number, networkId: string, context: CommandContext): Promise<void> {
    return this.names.confirm(String(id), networkId, context);
  }

  /** Of a network that is deleted. */
  release(id: number, networkId: string, context: CommandContext): Promise<void> {
    return this.names.release(String(id), networkId, context);
  }

  private async firstFree(networkId: string, from: number, context: CommandContext): Promise<number> {
    requireVlan(from);
    for (let id = from; id <= LAST_VLAN; id += 1) {
      const holder = await this.names.holder(String(id));
      const isFree = holder === undefined || holder === networkId;
      if (isFree && (await this.claimed(id, networkId, context))) return id;
    }
    const message = `No VLAN from ${String(from)} to ${String(LAST_VLAN)} is left.`;
    throw new DomainError('conflict', 'network.vlan-taken', message);
  }

  private claimed(id: number, networkId: string, context: CommandContext): Promise<boolean> {
    return this.names.claimed(String(id), networkId, context);
  }
}

/** @throws DomainError `network.vlan-outside`, in nova's words. */
function requireVlan(id: number): void {
  if (id > LAST_VLAN) throw outside(`greater than ${String(LAST_VLAN)}`);
  if (id < 1) throw outside('less than 1');
}

const outside = (how: string): DomainError =>
  new DomainError('invalid', 'network.vlan-outside', `The vlan number cannot be ${how}`);

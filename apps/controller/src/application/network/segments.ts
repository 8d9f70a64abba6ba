import { type NetworkSpec, traitsOf } from '@cairn/domain';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { stepOf } from '../core/command-context';
import { allocateNumber, numberRegistry } from '../core/numbers';
import { VlanIds, type WantedVlan } from './vlan-ids';

const VXLAN_IDS = numberRegistry('vxlan');

/** How the operator wants new networks to be. */
type Wanted = Pick<ControllerConfig['cloud']['network'], 'type' | 'mtu' | 'vlanStart'>;

/** A network without what tells its frames from those of others. */
export interface Unsegmented {
  readonly spec: NetworkSpec;
  /** Its VLAN, where networks are VLANs. Absent: as the operator has configured. */
  readonly vlan?: WantedVlan;
}

/** What tells the frames of new networks from each other on the way between hosts. */
export class Segments {
  private readonly vlans: VlanIds;

  constructor(
    private readonly executor: Executor,
    private readonly wanted: Wanted,
  ) {
    this.vlans = new VlanIds(executor);
  }

  /**
   * With VXLAN each network has an identifier that no other one ever has; with VLANs one that no other has now, and its
   * bridge is named after it, as nova names it. @throws DomainError for a VLAN that another network has, or that there cannot be.
   */
  async given({ spec, vlan }: Unsegmented, context: CommandContext): Promise<NetworkSpec> {
    const { type, mtu, vlanStart } = this.wanted;
    switch (traitsOf(type).segment) {
      case null:
        return spec;
      case 'vxlan': {
        const id = await allocateNumber(this.executor, VXLAN_IDS, spec.networkId, stepOf(context, 'segment'));
        return { ...spec, mtu: Math.min(spec.mtu, mtu), segment: { type: 'vxlan', id } };
      }
      case 'vlan': {
        const wanted = vlan ?? { from: vlanStart };
        const id = await this.vlans.claim(spec.networkId, wanted, stepOf(context, 'segment'));
        return { ...spec, bridge: `br${String(id)}`, segment: { type: 'vlan', id } };
      }
    }
  }

  /** The network is there. */
  async confirm({ segment, networkId }: NetworkSpec, context: CommandContext): Promise<void> {
    if (segment?.type === 'vlan') await this.vlans.confirm(segment.id, networkId, stepOf(context, 'segment'));
  }

  /** The network is not made, after all. */
  async giveBack({ segment, networkId }: NetworkSpec, context: CommandContext): Promise<void> {
    if (segment?.type === 'vlan') await this.vlans.release(segment.id, networkId, stepOf(context, 'segment'));
  }
}

import type { NetworkSpec } from '@cairn/host-protocol';

import type { Finding } from '../../ports/host-network.port';

import { inspectJoining, joinOthers, leaveOthers } from './bridge-interfaces';
import type { Addresses } from './inspect-interfaces';
import type { IpBatch } from './ip-batch';
import type { Links } from './links';
import type { Overlays } from './overlays';
import { inspectVlan, removeVlan, settleVlan } from './vlans';

/** The devices by which the parts are joined that several hosts have of a network, each a port of the network's bridge. */
export class JoiningDevices {
  constructor(
    private readonly overlays: Overlays,
    private readonly ip: IpBatch,
  ) {}

  /** Makes those of a network whose bridge is there. */
  async settle(spec: NetworkSpec): Promise<void> {
    await this.overlays.settle(spec);
    await joinOthers(spec, this.ip);
    await settleVlan(spec, this.ip);
  }

  async remove(spec: NetworkSpec, links: Links): Promise<void> {
    await leaveOthers(spec, this.ip);
    await this.overlays.remove(spec, links);
    await removeVlan(spec, links, this.ip);
  }

  async inspect(
    networks: readonly { readonly spec: NetworkSpec }[],
    links: Links,
    addresses: Addresses,
  ): Promise<readonly Finding[]> {
    const specs = networks.map(({ spec }) => spec);
    return [
      ...specs.flatMap((spec) => inspectJoining(spec, links, addresses)),
      ...specs.flatMap((spec) => inspectVlan(spec, links)),
      ...(await this.overlays.inspect(specs, links)),
    ];
  }
}

import { isGatewayHere, servedBy } from '../../ports/gateways';

import { hasBridge, isLentTo, isOnHost, type Links } from './links';
import type { Overlays } from './overlays';
import type { PortStore } from './port-store';
import type { PortedNetwork } from './ruleset';

/** The networks that this host knows, as they should be. */
export class KnownNetworks {
  constructor(
    private readonly store: Pick<PortStore, 'networks'>,
    private readonly overlays: Pick<Overlays, 'told'>,
    /** Takes the place of the interfaces that networks name to join their bridges; null for none. */
    private readonly joining: string | null,
  ) {}

  /** Also those that have to be taken away. */
  async all(links: Links): Promise<readonly PortedNetwork[]> {
    const told = await this.overlays.told();
    return (await this.store.networks()).map(({ spec: made, ports }) => {
      const hasOther = made.interface !== undefined && this.joining !== null;
      const spec = hasOther ? { ...made, interface: this.joining } : made;
      const peers = told.get(spec.networkId);
      const isGateway = isGatewayHere(spec, peers);
      const isBorrowed = isLentTo(links.get(spec.bridge), spec);
      return { spec, ports, isGateway, isBorrowed, served: isGateway ? servedBy(ports, peers) : [] };
    });
  }

  /** Those that are wanted and whose bridges are on the host now. */
  async present(links: Links): Promise<readonly PortedNetwork[]> {
    return (await this.all(links)).filter((one) => isWanted(one) && hasBridge(links.get(one.spec.bridge), one.spec));
  }

  /** Those that have their gateway here now. */
  async gateways(links: Links): Promise<readonly PortedNetwork[]> {
    return (await this.present(links)).filter(({ isGateway }) => isGateway);
  }
}

/** This host is the gateway of all guests of it, with or without any of its own. */
export const isForAll = ({ spec, isGateway }: PortedNetwork): boolean => isGateway && spec.gatewayHosts === 'one';

export const hasIpv6 = ({ spec }: PortedNetwork): boolean => spec.ipv6 !== undefined;

/** It has guests here, or others are led out from here. */
export const isWanted = (network: PortedNetwork): boolean => network.ports.length > 0 || isForAll(network);

/** Whether the host should have it without being asked for a port: something of it is there, or others need it. */
export const isExpected = (network: PortedNetwork, links: Links): boolean =>
  isOnHost(network.spec, links) || isForAll(network);

import type { NetworkSpec } from '../instance/spec';

/** The last id of a VLAN that frames can bear (IEEE 802.1Q). */
export const LAST_VLAN = 4_094;

/** What the networks of a type have in common. */
export interface NetworkTraits {
  /** For operators: what joins the parts that several hosts have of a network. */
  readonly says: string;
  /** Whether hosts serve guests their addresses by DHCP, if nobody asks for a network without. */
  readonly dhcp: boolean;
  /** Whether hosts are the gateways of guests; if not, the administrator has another one. */
  readonly gateway: boolean;
  /** By what hosts tell the frames of one network from those of others on the way between them; null where nothing does. */
  readonly segment: 'vxlan' | 'vlan' | null;
  /** Whether no network is everybody's: a project that has none gets one that none has when it launches its first server. */
  readonly forOneProject: boolean;
}

/** The types of networks; an installation makes networks of one of them (nova: `network_manager`). */
const TYPES = {
  flat: {
    says: 'has a bridge on each host and nothing else: guests get their addresses injected, the gateway is none of the hosts',
    dhcp: false,
    gateway: false,
    segment: null,
    forOneProject: false,
  },
  flatdhcp: {
    says: 'has a part of its own on each host, a guest reaches those of its host unless an interface joins them',
    dhcp: true,
    gateway: true,
    segment: null,
    forOneProject: false,
  },
  vxlan: { says: 'spans all hosts', dhcp: true, gateway: true, segment: 'vxlan', forOneProject: false },
  vlan: {
    says: 'spans all hosts by 802.1Q tags on `interface`, and is for one project, which gets it with its first server',
    dhcp: true,
    gateway: true,
    segment: 'vlan',
    forOneProject: true,
  },
} as const satisfies Readonly<Record<string, NetworkTraits>>;

export type NetworkType = keyof typeof TYPES;

export const NETWORK_TYPES = Object.keys(TYPES) as readonly NetworkType[];

export const traitsOf = (type: NetworkType): NetworkTraits => TYPES[type];

/** What is asked of a network besides its addresses. */
export interface NetworkKind {
  readonly dhcp: boolean;
  /** Each host is the gateway of its own guests; if not, one host is of all. */
  readonly multiHost: boolean;
  /** The interface of each host that joins its bridge with those of others; null for none. */
  readonly interface: string | null;
}

/** Who serves the guests of a network of the type, and what joins its hosts. */
export function kindOf(type: NetworkType, kind: NetworkKind): Pick<NetworkSpec, 'dhcp' | 'gatewayHosts' | 'interface'> {
  const { dhcp, gateway, segment } = traitsOf(type);
  return {
    ...(dhcp && kind.dhcp ? {} : { dhcp: false }),
    ...(!gateway ? { gatewayHosts: 'none' } : kind.multiHost ? {} : { gatewayHosts: 'one' }),
    ...(segment === 'vxlan' || kind.interface === null ? {} : { interface: kind.interface }),
  };
}

import type { HostNames, HostSecurity, NetworkPeers, NetworkSpec, NicSpec, PortGuard } from '@cairn/host-protocol';

import type { PluggedNic } from './hypervisor.port';

/**
 * Where the agent's metadata proxy listens on each network's gateway address, unless configured otherwise. The driver
 * redirects 169.254.169.254:80 on the bridge to it.
 */
export const METADATA_PROXY_PORT = 8776;

/** A guest's NIC on this host, as desired. */
export interface Port {
  readonly instanceId: string;
  readonly hostname: string;
  /** Place of the NIC in its instance, from 0. */
  readonly index: number;
  readonly nic: NicSpec;
  /** By which groups of its project it is filtered. Absent: nothing is filtered. */
  readonly guard?: PortGuard & { readonly projectId: string };
}

/** An address outside that leads to a guest's port on this host, as desired. */
export interface FloatingIp {
  readonly id: string;
  readonly address: string;
  /** Where the host answers for it; null for the interface that leads the host out. */
  readonly interface: string | null;
  readonly instanceId: string;
  readonly networkId: string;
  readonly fixedAddress: string;
}

/** A process that guests need beside the hypervisor. */
export interface Helper {
  /** For people: `dnsmasq of private`. */
  readonly name: string;
  /** Null while it does not run. */
  readonly pid: number | null;
}

/** Kinds of things of a host's network that are looked at. */
export type Topic =
  | 'kernel'
  | 'bridge'
  | 'bridge-interface'
  | 'port'
  | 'dhcp'
  | 'lease'
  | 'floating-ip'
  | 'other-hosts'
  | 'rules'
  | 'dropped'
  | 'process';

/** One thing of a host's network, as it was found. */
export interface Finding {
  readonly topic: Topic;
  /** Which one: an interface, an address, a chain of rules. */
  readonly name: string;
  /** `wrong`: not what the host was told, and the driver can mend it. `advice`: what only an operator can decide. */
  readonly verdict: 'right' | 'wrong' | 'advice';
  /** What was found, in one sentence for people. */
  readonly says: string;
  /** Whose it is, where it is one network's, or one instance's. */
  readonly networkId?: string;
  readonly instanceId?: string;
  /** Of a guest's port. */
  readonly address?: string;
}

/**
 * Bridges, taps, DHCP, NAT, anti-spoofing and the way to 169.254.169.254, made lazily with the first port of a network
 * (the guide: the driver initialises with the first VM). Every verb converges.
 */
export interface HostNetwork {
  /** Makes the network if needed, then the tap with its static lease and its anti-spoofing rules. */
  ensurePort(port: Port): Promise<PluggedNic>;
  /**
   * Filters ports by the groups of a project as they are now: what the newest one says holds, for ports that come later,
   * too. A group that it does not name lets nothing pass. An older version than one that is known changes nothing.
   */
  applySecurity(projectId: string, security: HostSecurity): Promise<void>;
  /**
   * Exchanges the frames of a network that spans hosts with these, now or once it is there; is its gateway for guests on all
   * hosts, also without a port of its own, or not any more. An older version than one that is known changes nothing.
   * @returns the address at which other hosts reach this one.
   */
  applyPeers(networkId: string, peers: NetworkPeers): Promise<string>;
  /**
   * Answers the guests of every network by these names as well, now or once it is there. An older version than one that is
   * known changes nothing.
   */
  applyNames(names: HostNames): Promise<void>;
  /**
   * Takes away the taps, leases and rules of an instance; a network without ports goes as well.
   * @param but the places of those that stay. Default: none.
   */
  removePorts(instanceId: string, but?: readonly number[]): Promise<void>;
  /**
   * Leads the address to the port for as long as this host is the gateway of the port, whichever of them comes first; no
   * longer to where it led before.
   */
  ensureFloatingIp(floating: FloatingIp): Promise<void>;
  /** Answers for the address no more; one that is not known is gone already. */
  removeFloatingIp(id: string): Promise<void>;
  /** Networks that exist on this host now and whose gateway it is, for the metadata listener. */
  networks(): Promise<readonly NetworkSpec[]>;
  /**
   * Looks at the processes of the networks on this host, and starts those again that have died.
   * @returns each as it was found, before it was started again.
   */
  tend(): Promise<readonly Helper[]>;
  /**
   * Compares all that is on the host with what it was told. Nothing is looked for before the first port is there, or after
   * `down`: what the host lost with its power, the jobs that start its guests again make.
   */
  inspect(): Promise<readonly Finding[]>;
  /** Makes the host what it was told. What it cannot make so, the next `inspect` finds. */
  mend(): Promise<void>;
  /** Ends everything that this driver made on the host (`cairn down`). The state on disk stays. */
  down(): Promise<void>;
}

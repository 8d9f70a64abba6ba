import type { Hardware } from './hardware';
import type { DiskSpec, RescueDisk } from './disks';
import type { PortGuard } from '../security-groups/jobs';
import type { Power } from './states';

/** The desired state of one instance on its host, and the facts that the host reports. Part of the host protocol. */

/** A content-addressed image blob; `format` is what the image's owner claims and the agent verifies. */
export interface ImageSpec {
  readonly imageId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Glance's disk_format: raw, qcow2, ami (a raw file system), aki (a kernel), ari (a ramdisk), … */
  readonly format: string;
}

/** What a guest boots from: a disk, or a disk with a kernel and perhaps a ramdisk. */
export interface BootImages {
  readonly image: ImageSpec;
  readonly kernel: ImageSpec | null;
  readonly ramdisk: ImageSpec | null;
}

export interface RescueImages extends BootImages {
  /**
   * The guest keeps all its disks as they are and gets this one. Absent: it takes the place of the root disk, which comes
   * second.
   */
  readonly disk?: RescueDisk;
}

/** Frames pass between hosts by VXLAN, or with an 802.1Q tag (1 to 4094) by the network's `interface`. */
export interface NetworkSegment {
  readonly type: 'vxlan' | 'vlan';
  readonly id: number;
}

/** A network as the host must realise it: a bridge, with the gateway address, DHCP, NAT and metadata unless it says otherwise. */
export interface NetworkSpec {
  readonly networkId: string;
  readonly label: string;
  readonly bridge: string;
  readonly cidr: string;
  readonly gateway: string;
  /** Addresses of name servers handed out by DHCP; empty means the gateway itself. */
  readonly dns: readonly string[];
  readonly domain: string;
  readonly mtu: number;
  /** Guests have IPv6 addresses of it, too. Absent: none. */
  readonly ipv6?: Ipv6Block;
  /** How it spans hosts (Neutron: provider network type and segmentation id). Absent: each host has a part of its own. */
  readonly segment?: NetworkSegment;
  /** Guests get no lease: their addresses are injected (nova: `enable_dhcp`, `flat_injected`). Absent: by DHCP. */
  readonly dhcp?: false;
  /** None: the gateway is no host of Cairn's. One: the network's stream says which. Absent: each host, for its own guests. */
  readonly gatewayHosts?: 'none' | 'one';
  /** The interface by which each host joins its bridge with those of others (nova: `bridge_interface`). Absent: none. */
  readonly interface?: string;
}

/** IPv6 addresses as RFC 5952 writes them. A guest's follows from the hardware address of its NIC. */
export interface Ipv6Block {
  /** 64 bits long. */
  readonly cidr: string;
  readonly gateway: string;
  /** Addresses of name servers that guests are told; empty means the gateway itself. */
  readonly dns: readonly string[];
}

export interface NicSpec {
  readonly network: NetworkSpec;
  readonly mac: string;
  readonly address: string;
  /** In a network that has IPv6 addresses. */
  readonly addressV6?: string;
  /** On the first PCI bus. Absent: any. */
  readonly slot?: number;
  /** Tells it from the guest's other NICs for as long as it has it. Absent: its place among them, from 0. */
  readonly plug?: number;
}

export interface InstanceSpec extends BootImages {
  readonly instanceId: string;
  readonly projectId: string;
  /** The domain's name, `instance-%08x` of the instance's number. */
  readonly domainName: string;
  readonly hostname: string;
  readonly vcpus: number;
  readonly ramMb: number;
  /** 0 means as large as the image (nova's rule for root_gb 0). */
  readonly rootGb: number;
  readonly ephemeralGb: number;
  readonly swapMb: number;
  /** All disks of its own, the root disk first. Absent: that, one of `ephemeralGb` and a swap of `swapMb`, on virtio. */
  readonly disks?: readonly DiskSpec[];
  /** Names the present root disk: another name is another disk, which is made fresh. Absent: the one of the launch. */
  readonly rootId?: string;
  /** The same of the ephemeral disk. */
  readonly ephemeralId?: string;
  /** The guest boots from these images. Absent: it boots from the root disk. */
  readonly rescue?: RescueImages;
  readonly nics: readonly NicSpec[];
  readonly power: Power;
  /** The security groups that its ports are filtered by. Absent: nothing is filtered. */
  readonly guard?: PortGuard;
  /** Absent: as in every other guest. */
  readonly hardware?: Hardware;
  /** Which of the instance's sets of disks on the host the guest uses. Absent: the one that it was launched with. */
  readonly diskSet?: DiskSet;
}

/** A server that moves, or changes its size, leaves a set of disks as it was and goes on with another. */
export interface DiskSet {
  /** Its name on the host; null for the set of the launch. */
  readonly id: string | null;
  /** The set whose contents one that is missing gets. Absent: it is made of the image. */
  readonly copyOf?: {
    /** Null: this host. */
    readonly hostId: string | null;
    readonly id: string | null;
  };
}

/** The facts of an instance on its host after a job. */
export interface InstanceFacts {
  readonly power: Power | 'absent';
  readonly virtType?: 'kvm' | 'tcg' | 'simulated';
  /** How long the parts of the job took, in milliseconds, for the timeline: image, disk, network, start… */
  readonly timings: Readonly<Record<string, number>>;
  /** True when the image was already in the host's cache. */
  readonly imageCached?: boolean;
  /** Of a copy of the root disk: the guest's file systems were frozen meanwhile. */
  readonly quiesced?: boolean;
}

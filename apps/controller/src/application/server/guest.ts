import type { InjectedNic, NamedDisk } from '@cairn/domain';
import type { InjectedFile } from './secrets';

/** What the metadata service tells a server about itself. */
export interface Guest {
  readonly instanceId: string;
  /** Behind `i-%08x`. */
  readonly number: number;
  readonly projectId: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly name: string;
  /** With the network's domain, as DHCP hands it out too. */
  readonly hostname: string;
  readonly flavorName: string;
  readonly imageId: string;
  readonly kernelId: string | null;
  readonly ramdiskId: string | null;
  readonly key: { readonly name: string; readonly publicKey: string } | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly securityGroups: readonly string[];
  readonly availabilityZone: string;
  /** Root disk first. */
  readonly disks: readonly NamedDisk[];
  /** In the order in which they are plugged. */
  readonly nics: readonly GuestNic[];
  /** The decoded user data of the launch; null for none, or if nobody can decrypt it any more. */
  readonly userData: Buffer | null;
  /** Injected files; none, if nobody can decrypt them any more. */
  readonly files: readonly InjectedFile[];
  /** What the guest has posted of its administrator's password; null for nothing. */
  readonly password: string | null;
}

/** What only a configuration drive tells. */
export interface DriveGuest extends Guest {
  /** The administrator's password while the drive is made for a new or rebuilt server; null later. */
  readonly adminPass: string | null;
}

export interface GuestNic extends InjectedNic {
  /** Id of the claim on the address, in the place of nova's vif id. */
  readonly id: string;
  readonly networkId: string;
  /** In a network that has IPv6 addresses. */
  readonly ipv6?: {
    readonly address: string;
    /** Of the network, in bits. */
    readonly prefix: number;
    readonly gateway: string;
    readonly dns: readonly string[];
  };
  /** What its tenant calls it, and where it is on the first PCI bus, if that is known. */
  readonly tag?: string;
  readonly slot?: number;
}

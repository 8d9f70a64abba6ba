import type { Sealed } from '../../kernel/sealed';
import type { Instant } from '../../kernel/time';
import type { GroupRef } from '../groups/guard';
import type { Hardware, ImageProperties } from '../hardware';
import type { ConfigDriveFormat, LocalDisks } from '../disks';
import type { FloatingWish } from '../interfaces/assigned-floating';
import type { ImageSpec } from '../spec';
import type { MachineNeeds } from './machine-needs';
import type { SchedulerHints } from './scheduler-hints';

/** The flavor as it was when the server was launched: later edits of the flavor do not change running servers. */
export interface FlavorSpec {
  readonly flavorId: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly rootGb: number;
  readonly ephemeralGb: number;
  readonly swapMb: number;
}

/** Everything that a launch was asked for, resolved to facts that do not change afterwards. */
export interface LaunchRequest {
  readonly instanceId: string;
  readonly projectId: string;
  readonly userId: string;
  /** The number behind `i-%08x` and `instance-%08x`. */
  readonly number: number;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly name: string;
  /** Free text for people (compute API 2.19). */
  readonly description: string | null;
  readonly hostname: string;
  readonly flavor: FlavorSpec;
  readonly image: ImageSpec;
  readonly kernel: ImageSpec | null;
  readonly ramdisk: ImageSpec | null;
  readonly keyName: string | null;
  readonly publicKey: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Short texts to find servers by (compute API 2.26). Absent: none. */
  readonly tags?: readonly string[];
  readonly userData: Sealed | null;
  /** Files for the guest: a list of paths and contents (base64) as JSON. Absent: none. */
  readonly files?: Sealed;
  /** The administrator's password, for the configuration drive. Absent: not given, the one that derives from the id. */
  readonly adminPass?: Sealed;
  /** Absent: as the flavor says. */
  readonly localDisks?: LocalDisks;
  /** The drive by which the guest reads its metadata. Absent: none. */
  readonly configDrive?: ConfigDriveFormat;
  readonly availabilityZone: string | null;
  readonly forcedHost: string | null;
  /** Name of the host that an administrator wants it on, if it does there. Absent: any. */
  readonly requestedHost?: string;
  readonly networks: readonly NetworkChoice[];
  /** The floating IP that it is to get. Absent: none. */
  readonly autoFloatingIp?: FloatingWish;
  readonly securityGroups: readonly string[];
  /** Those groups. Absent: the launch is of a release that had none, and nothing is filtered for the server. */
  readonly groups?: readonly GroupRef[];
  /** True for OS-DCF:diskConfig AUTO, false for MANUAL. */
  readonly autoDiskConfig: boolean;
  /** OpenStack's access addresses; the tenant sets them, and Cairn only shows them. Absent or null: none. */
  readonly accessIpV4?: string | null;
  readonly accessIpV6?: string | null;
  /** The group that the server is a member of. Absent: none. */
  readonly serverGroupId?: string;
  /** What the flavor demands of the host, in nova's words. Absent: nothing. */
  readonly extraSpecs?: ExtraSpecs;
  /** What the image demands of the host. Absent: nothing. */
  readonly machine?: MachineNeeds;
  /** Absent: none. */
  readonly imageProperties?: ImageProperties;
  /** Absent: as in every other guest. */
  readonly hardware?: Hardware;
  /** Absent: none. */
  readonly hints?: SchedulerHints;
  readonly notAfter: Instant;
}

/** By key; values are in nova's language of operators. */
export type ExtraSpecs = Readonly<Record<string, string>>;

export interface NetworkChoice {
  readonly networkId: string;
  /** The fixed address that the tenant asked for, or null for any. */
  readonly address: string | null;
  /** A word that the guest finds its interface by in its metadata (compute API 2.32). */
  readonly tag?: string;
}

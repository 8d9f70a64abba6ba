import type { NetworkChoice, SchedulerHints } from '@cairn/domain';
import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../runtime/ports';
import type { AskedDisks } from './asked-disks';
import type { InjectedFile } from './secrets';

/** What a tenant asks of a launch, in ids and names that the handler resolves. Façades translate into it. */
export interface LaunchSpec {
  /** Several servers are called `name-1`, `name-2`… */
  readonly name: string;
  readonly description: string | null;
  /** As many as the quota allows, up to `maxCount`; refused when it allows less than `minCount`. */
  readonly minCount: number;
  readonly maxCount: number;
  readonly flavorId: string;
  readonly imageId: string;
  readonly keyName: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Each once; absent for none. */
  readonly tags?: readonly string[];
  /** Of the guest; absent: made of the server's name. */
  readonly hostname?: string;
  readonly userData: Buffer | null;
  /** Files for the guest; absent for none. */
  readonly files?: readonly InjectedFile[];
  /** The administrator's password; absent: generated. */
  readonly adminPass?: string;
  /** Whether the guest gets a configuration drive; absent: where image or cloud say so. */
  readonly configDrive?: true;
  /** Absent: as the flavor says. */
  readonly disks?: AskedDisks;
  readonly availabilityZone: string | null;
  /** Host name; the façade has checked that the caller may. */
  readonly forcedHost: string | null;
  /** Names of the host and of its hypervisor, the only ones that the scheduler then considers; the façade has checked that the caller may. */
  readonly requestedHost?: string;
  readonly requestedHypervisor?: string;
  /** `all`: one address in each network that there is. */
  readonly networks: 'all' | readonly NetworkChoice[];
  readonly securityGroups: readonly string[];
  readonly autoDiskConfig: boolean;
  /** At which the tenant says that the servers are reached. */
  readonly accessIpV4?: string | null;
  readonly accessIpV6?: string | null;
  /** The server group that the servers become members of; absent for none. */
  readonly serverGroupId?: string;
  /** Where else they are to be; absent: anywhere. */
  readonly hints?: SchedulerHints;
}

export interface LaunchedServers {
  readonly reservationId: string;
  readonly servers: readonly {
    readonly id: string;
    /**
     * The administrator's password. It derives from the server's id and the installation's key, so that a repeated
     * request gets the same one and nobody stores it.
     */
    readonly adminPass: string;
  }[];
}

/** Launches servers. Answers once the log holds the requests, long before the servers run. */
export class LaunchServers extends Command<LaunchedServers> {
  constructor(
    readonly projectId: string,
    readonly asked: LaunchSpec,
    readonly context: CommandContext,
  ) {
    super();
  }
}

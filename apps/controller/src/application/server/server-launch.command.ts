import type { NetworkChoice } from '@cairn/domain';
import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../runtime/ports';

/** What a tenant wishes for, in ids and names that are still to be resolved. The façades translate into this. */
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
  readonly userData: Buffer | null;
  readonly availabilityZone: string | null;
  /** Host name; the façade has checked that the caller may. */
  readonly forcedHost: string | null;
  /** `all`: one address in each network that there is. */
  readonly networks: 'all' | readonly NetworkChoice[];
  readonly securityGroups: readonly string[];
  readonly autoDiskConfig: boolean;
  /** At which the tenant says that the servers are reached. */
  readonly accessIpV4?: string | null;
  readonly accessIpV6?: string | null;
  /** The server group that the servers become members of; absent for none. */
  readonly serverGroupId?: string;
}

export interface LaunchedServers {
  readonly reservationId: string;
  readonly servers: readonly {
    readonly id: string;
    /** Follows from the id and the installation's key: a repeat is told the same, and nobody stores it. */
    readonly adminPass: string;
  }[];
}

/** Asks for servers; answers when they are in the log, long before they run. */
export class LaunchServers extends Command<LaunchedServers> {
  constructor(
    readonly projectId: string,
    readonly asked: LaunchSpec,
    readonly context: CommandContext,
  ) {
    super();
  }
}

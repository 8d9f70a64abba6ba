import { readFileSync } from 'node:fs';
import {
  absolutePath,
  addressOrNetwork,
  ConfigError,
  endpoint,
  fields,
  flag,
  hostName,
  hostOrAddress,
  integer,
  ipAddress,
  list,
  oneOf,
  optional,
  parsed,
  port,
  refuse,
  text,
  url,
  uuid,
} from '@cairn/config';
import { CONFIG_DRIVE_FORMATS, DEFAULT_LIMITS } from '@cairn/domain';
import { connectionFault } from '@cairn/event-store';
import { serverOf } from '@cairn/projections';
import type { z } from 'zod';
import { networkSettings } from './network-settings';
import { schedulerSettings } from './scheduler/settings';

const ports = fields({
  identity: port().default(5000).describe('Identity, v3 and v2.0'),
  compute: port().default(8774).describe('Compute'),
  image: port().default(9292).describe('Images'),
  metadata: port().default(8775).describe("Guests' metadata and the hosts' API"),
  console: port().default(6080).describe('Consoles of servers, for browsers and websocket clients'),
});

const publicEndpoints = fields({
  identity: optional(endpoint()).describe(
    'Where a proxy serves identity; not given: nowhere, or it says so by headers',
  ),
  compute: optional(endpoint()).describe('Where a proxy serves compute'),
  image: optional(endpoint()).describe('Where a proxy serves images'),
  console: optional(endpoint()).describe('Where a proxy serves consoles'),
});

/** nova's `[consoleauth]` and `[console]`. */
const consoles = fields({
  tokenTtlSeconds: integer(1, 86_400)
    .default(600)
    .describe('How long the URL of a console is good for (nova: token_ttl)'),
  enforceSessionTimeout: flag()
    .default(false)
    .describe('Whether an open console is closed when its URL expires (nova: enforce_session_timeout)'),
  allowedOrigins: list(hostOrAddress())
    .default([])
    .describe('Hosts of web pages that may open consoles, besides the one that serves them (nova: allowed_origins)'),
});

/** Keystone's `lockout_failure_attempts` and `lockout_duration`. */
const lockout = fields({
  failureAttempts: optional(integer(1, 999)).describe(
    'Wrong passwords in a row that lock a user out; not given, as in Keystone: never, since anybody who knows a name could lock its user out',
  ),
  durationSeconds: integer(1, 31_536_000).default(1800).describe('For how long'),
});

const host = fields({
  hostId: uuid().describe('Id of the host in the log'),
  name: hostName().describe('Its name in the APIs'),
  availabilityZone: text().default('nova').describe('Its availability zone'),
});

const login = (whose: string) =>
  fields({ user: text().describe(whose), passwordFile: absolutePath().describe('With its password') });

const remote = fields({
  address: ipAddress().describe('Address of this machine that they reach'),
  port: port().default(8780).describe("The hosts' API"),
  pki: absolutePath().describe("Folder of the authority and of the server's certificate"),
  eventStoreUrl: text().describe(
    "What enrolled agents are told, with the content of its `tlsCAFile`; without that the store is the embedded one, of the cloud's authority",
  ),
  redisUrl: url('rediss:').describe('What enrolled agents are told'),
}).describe(
  "Ports on an address that agents of other machines reach, all of them TLS with certificates of the cloud's authority",
);

/** Everything that an operator may choose for one controller process. Secrets are named by the file that holds them. */
export const controllerSettings = fields({
  stateDir: absolutePath().describe('Folder of keyring, image data and databases'),
  bindHost: hostOrAddress()
    .default('127.0.0.1')
    .describe('Address that identity, compute, image and console listen on'),
  publicHost: optional(hostOrAddress()).describe(
    'Host name or address in the URLs that clients are told; not given: the one by which the client reached the service',
  ),
  publicEndpoints: publicEndpoints.prefault({}),
  trustedProxies: list(addressOrNetwork())
    .default([])
    .describe('Addresses and networks of proxies whose `Forwarded` or `X-Forwarded-*` headers are believed'),
  ports: ports.prefault({}),
  eventStoreUrl: text()
    .default('esdb://127.0.0.1:2113?tls=false')
    .describe('The log: a connection string of EventStoreDB, without user and password'),
  eventStoreLogin: optional(login('Its user of the store')).describe('Not given: a store without users'),
  eventStoreAdmin: optional(login('An administrator of the store')).describe(
    'For access lists and the users of enrolled hosts; not needed without them',
  ),
  eventStoreOwners: list(text())
    .default([])
    .describe(
      'Users and groups that streams are for which begin from now on, on a server that others use; none: whom its default access lists name',
    ),
  redisUrl: url('redis:', 'rediss:').default('redis://127.0.0.1:6379').describe('The queue, without a password'),
  redisPasswordFile: optional(absolutePath()).describe("With the queue's password"),
  remote: optional(remote).describe('Not given: all agents are on this machine, and nothing listens for others'),
  databaseUrl: optional(text()).describe('`postgresql://…` of the read models; not given: SQLite in the state folder'),
  databasePasswordFile: optional(absolutePath()).describe('With the password of its user'),
  policyFile: optional(absolutePath()).describe(
    "In OpenStack's policy language, JSON or YAML, over the built-in rules; read again when it changes",
  ),
  tokenTtlSeconds: integer(60, 86_400).default(3600).describe('How long a token is good for'),
  reclaimInstanceIntervalSeconds: integer(0, 315_360_000)
    .default(0)
    .describe(
      'For how long a deleted server can be restored, as `reclaim_instance_interval` of nova; 0: deleted at once',
    ),
  rowSweepEventsPerSecond: integer(0, 100_000)
    .default(50)
    .describe(
      'Events read each second to compare the read models with the log, for as long as the controller runs; 0: never',
    ),
  shelvedOffloadSeconds: integer(-1, 31_536_000)
    .default(0)
    .describe('How long a shelved server stays on its host (nova: shelved_offload_time); 0: not at all, -1: for ever'),
  maxLocalBlockDevices: integer(-1, 64)
    .default(3)
    .describe('Local disks of a server, as `max_local_block_devices` of nova; -1: any number'),
  configDrive: fields({
    force: flag().default(false).describe('For every new server, as `force_config_drive` of nova'),
    format: oneOf(...CONFIG_DRIVE_FORMATS)
      .default('iso9660')
      .describe('`iso9660` for a CD-ROM, `vfat` for a disk, as `config_drive_format` of nova'),
  })
    .prefault({})
    .describe('Drives by which guests read their metadata without a network'),
  enableInstancePassword: flag()
    .default(true)
    .describe("Whether answers hold the administrator's password of a server, as `enable_instance_password` of nova"),
  enableNetworkQuota: flag()
    .default(false)
    .describe(
      'Whether the networks that tenants make count in a quota, `networks`, as `enable_network_quota` of nova; those made before do not',
    ),
  allowResizeToSameHost: flag()
    .default(true)
    .describe(
      'Whether a resize may stay on the host of the server (nova: allow_resize_to_same_host); real hosts know no other one yet',
    ),
  resizeConfirmWindowSeconds: integer(0, 31_536_000)
    .default(0)
    .describe(
      'After how long a resize or migration is confirmed that nobody has answered (nova: resize_confirm_window); 0: never',
    ),
  rescueTimeoutSeconds: integer(0, 315_360_000)
    .default(0)
    .describe(
      'After this time a rescued server boots from its own disk again, as `rescue_timeout` of nova; 0: when it is asked to',
    ),
  defaultFloatingPool: text()
    .default('nova')
    .describe('Where floating IPs come from where nobody names a pool, as `default_floating_pool` of nova'),
  autoAssignFloatingIp: flag()
    .default(false)
    .describe(
      'Whether each new server gets a floating IP of the default pool, for as long as it is there, as `auto_assign_floating_ip` of nova; without one it is in ERROR',
    ),
  instanceBuildTimeoutSeconds: integer(60, 86_400)
    .default(1_800)
    .describe(
      'How long a launch may take before it is given up (nova: `instance_build_timeout`); it counts for later launches',
    ),
  scheduler: schedulerSettings.prefault({}).describe('How the scheduler chooses hosts'),
  lockout: lockout.prefault({}),
  consoles: consoles.prefault({}).describe('Consoles of servers'),
  imageMaxBytes: integer(1)
    .default(20 * 1024 ** 3)
    .describe('Of the data of one image'),
  imageQuotaMib: integer(-1, 2 ** 32)
    .default(DEFAULT_LIMITS['image_size_total'] ?? -1)
    .describe("Of the data of a project's images together, where nothing else is set for the project; -1: no limit"),
  passwordFiles: fields({
    admin: optional(absolutePath()).describe(
      'With the first password of the user `admin`, read while there is none; not given: `admin.password` in `stateDir`',
    ),
    demo: optional(absolutePath()).describe('The same of the user `demo`'),
  }).prefault({}),
  cloud: fields({
    region: text().default('RegionOne').describe('Name of the region in the catalog'),
    network: networkSettings.prefault({}),
    hosts: list(host).default([]).describe('The hosts that are there from the first start'),
  }).prefault({}),
})
  .superRefine(({ redisUrl, databaseUrl, eventStoreUrl, eventStoreAdmin, remote }, context) => {
    const fault = connectionFault(eventStoreUrl);
    if (fault !== undefined) refuse(context, ['eventStoreUrl'], fault);
    const told = remote === null ? undefined : connectionFault(remote.eventStoreUrl);
    if (told !== undefined) refuse(context, ['remote', 'eventStoreUrl'], told);
    if (remote !== null && eventStoreAdmin === null)
      refuse(context, ['eventStoreAdmin'], 'must be given: it makes the users of enrolled hosts');
    if (new URL(redisUrl).password !== '')
      refuse(context, ['redisUrl'], 'must not hold a password: redisPasswordFile names a file with it');
    const wrong = databaseUrl === null ? undefined : faultOf(databaseUrl);
    if (wrong !== undefined)
      refuse(context, ['databaseUrl'], `is refused: ${wrong} (databasePasswordFile names a file with it)`);
  })
  .transform(({ passwordFiles: { admin, demo }, ...settings }) => ({
    ...settings,
    passwordFiles: {
      admin: admin ?? `${settings.stateDir}/admin.password`,
      demo: demo ?? `${settings.stateDir}/demo.password`,
    },
  }));

export type ControllerConfig = z.output<typeof controllerSettings>;
export type HostConfig = z.output<typeof host>;
export type RemoteConfig = z.output<typeof remote>;
export type PublicEndpoints = z.output<typeof publicEndpoints>;
export type Ports = z.output<typeof ports>;

function faultOf(databaseUrl: string): string | undefined {
  try {
    serverOf(databaseUrl);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The configuration that a JSON value describes. @throws ConfigError that names each wrong setting */
export const parseConfig = (value: unknown): ControllerConfig => parsed(controllerSettings, value);

/** Reads and checks a JSON file. @throws ConfigError or the file system's error. */
export function loadConfig(file: string): ControllerConfig {
  try {
    return parseConfig(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ConfigError(`${file} is not JSON: ${error.message}`, { cause: error });
    throw error;
  }
}

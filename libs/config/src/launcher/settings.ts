import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { endpoint, isAddressOrNetwork, isService, refuse, text } from '../rules';

// The settings of ./cairn, all in the environment and therefore texts. `describe` is what docs/operators-guide.md says.

const wholeNumber = (least: number, most: number): z.ZodString =>
  text(
    `must be a whole number from ${String(least)} to ${String(most)}`,
    (given) => /^\d{1,9}$/.test(given) && Number(given) >= least && Number(given) <= most,
  );
const port = (fallback: number, what: string): z.ZodDefault<z.ZodString> =>
  wholeNumber(1, 65_535).default(String(fallback)).describe(what);
const path = (): z.ZodString => text('must be an absolute path', isAbsolute);
/** Set to nothing it is as if it were not set. */
const none = <S extends z.ZodType>(schema: S): z.ZodOptional<z.ZodUnion<readonly [S, z.ZodLiteral<''>]>> =>
  z.union([schema, z.literal('')]).optional();

const connection = (): z.ZodString =>
  text('must be a connection string esdb://… or esdb+discover://…', (given) => /^esdb(\+discover)?:\/\/.+/.test(given));

const CIDR = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/;

function isNetwork(given: string): boolean {
  const [, address = '', bits = ''] = CIDR.exec(given) ?? [];
  const prefix = Number(bits);
  if (isIP(address) !== 4 || prefix < 1 || prefix > 29) return false;
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return number % 2 ** (32 - prefix) === 0;
}

/** The controller says whether guests can use it. */
const isNetworkV6 = (given: string): boolean => given.endsWith('::/64') && isIP(given.slice(0, -3)) === 6;

/** Reachable from elsewhere: not this machine's own view of itself, nor every address at once. */
const isReachable = (given: string): boolean =>
  isIP(given) !== 0 && !/^(127\.|0\.|::1$|::$|22[4-9]\.|23\d\.|ff)/i.test(given);

const bridge = (most: number): z.ZodString =>
  text(
    `must be a name of at most ${String(most)} letters, digits, - and _`,
    (given) => /^[a-zA-Z][\w-]*$/.test(given) && given.length <= most,
  );

const PORTS = {
  CAIRN_IDENTITY_PORT: port(5000, 'Identity, v3 and v2.0'),
  CAIRN_COMPUTE_PORT: port(8774, 'Compute'),
  CAIRN_IMAGE_PORT: port(9292, 'Images'),
  CAIRN_METADATA_PORT: port(8775, "Hosts' and guests' port of the controller"),
  CAIRN_CONSOLE_PORT: port(6080, '[Consoles](#consoles) of servers'),
  CAIRN_EVENTSTORE_PORT: port(2113, 'The embedded event store'),
  CAIRN_EVENTSTORE_METRICS_PORT: port(2114, 'Its [metrics](#metrics-of-the-event-store), on loopback'),
  CAIRN_REDIS_PORT: port(6390, 'The queue'),
  CAIRN_HOSTS_PORT: port(8780, 'Port of the controller for hosts on other machines'),
};

const KEPT = 'Remembered; set it to nothing to take it back';

const shape = {
  CAIRN_STATE: path().default('/var/lib/cairn').describe('The state directory'),
  ...PORTS,
  CAIRN_METADATA_PROXY_PORT: port(8776, "Where the agent receives guests' requests, on each network's gateway address"),
  CAIRN_HOSTS_ADDRESS: none(
    text(
      'must be an address at which other machines reach this one, not loopback (a remembered one is in hosts-address of the state directory)',
      isReachable,
    ),
  ).describe('Address at which hosts on other machines reach store, queue and controller, by TLS; kept once given'),
  CAIRN_BIND: text('must be an IP address', (given) => isIP(given) !== 0)
    .default('127.0.0.1')
    .describe(
      "Address that identity, compute, image and console listen on. The hosts' port, Redis and event store stay on loopback",
    ),
  CAIRN_PUBLIC_IDENTITY: none(endpoint()).describe(`Where a proxy serves identity. ${KEPT}`),
  CAIRN_PUBLIC_COMPUTE: none(endpoint()).describe(`Where a proxy serves compute. ${KEPT}`),
  CAIRN_PUBLIC_IMAGE: none(endpoint()).describe(`Where a proxy serves images. ${KEPT}`),
  CAIRN_PUBLIC_CONSOLE: none(endpoint()).describe(`Where a proxy serves consoles. ${KEPT}`),
  CAIRN_TRUSTED_PROXIES: none(
    text('must be addresses or networks, like 192.0.2.1,10.0.0.0/8', (given) =>
      given.split(/[\s,]+/).every(isAddressOrNetwork),
    ),
  ).describe(`Proxies whose \`Forwarded\` or \`X-Forwarded-*\` headers are believed. ${KEPT}`),
  CAIRN_LOCKOUT_FAILURE_ATTEMPTS: none(wholeNumber(1, 999)).describe(
    `Wrong passwords in a row that [lock a user out](#lock-out): never unless given. ${KEPT}`,
  ),
  CAIRN_LOCKOUT_DURATION: none(wholeNumber(1, 31_536_000)).describe(`For how many seconds: 1800 unless given. ${KEPT}`),
  CAIRN_NETWORK_CIDR: text('must be an IPv4 network of at least /29, like 10.0.0.0/24', isNetwork)
    .default('10.0.0.0/24')
    .describe('The first network, made at the first start'),
  CAIRN_NETWORK_CIDR_V6: none(text('must be an IPv6 network of /64, like fd00:a::/64', isNetworkV6)).describe(
    '[IPv6 addresses](#ipv6) of the first network, a /64',
  ),
  CAIRN_BRIDGE: bridge(15).default('br100').describe('Its bridge'),
  CAIRN_MACHINES_CIDR: text(
    'must be an IPv4 network like 172.31.254.0/24',
    (given) => /\.0\/24$/.test(given) && isNetwork(given),
  )
    .default('172.31.254.0/24')
    .describe('Addresses of [hosts within this machine](#hosts-within-this-machine). Remembered'),
  CAIRN_MACHINES_BRIDGE: bridge(11).default('cairnhosts').describe('The bridge that they are wired to. Remembered'),
  CAIRN_GUESTS_REACH: none(
    text('must be IPv4 addresses with ports, like 192.0.2.1:5000,192.0.2.1:8774', (given) =>
      given.split(/[\s,]+/).every(isService),
    ),
  ).describe(`Services that [guests reach](#what-guests-reach) although they are of this machine. ${KEPT}`),
  CAIRN_SIMULATED_LATENCY: text('must be a number of at least 0', (given) => /^\d+(\.\d+)?$/.test(given))
    .default('1')
    .describe('How slow simulated hosts are; 0 is at once'),
  CAIRN_IMAGES: path().default('/var/cache/cairn/guest-image').describe("Where the demo's guest image is built"),
  CAIRN_MASTER_KEY: none(
    text('must be 32 bytes in base64', (given) => Buffer.from(given, 'base64').length === 32),
  ).describe("The keyring's master key, base64 of 32 bytes, instead of the file"),
  CAIRN_DATABASE: none(text('must be sqlite or postgres', (given) => /^(sqlite|postgres)$/.test(given)))
    .default('sqlite')
    .describe('Where the read models are: `sqlite`, or `postgres` for a PostgreSQL that `up` starts. Remembered'),
  CAIRN_DATABASE_URL: none(
    text('must be a URL like postgresql://user@host/database', (given) => /^postgres(ql)?:\/\/.+/.test(given)),
  ).describe('`postgresql://user@host:port/database` of an existing server instead. Remembered'),
  CAIRN_DATABASE_PASSWORD_FILE: none(path()).describe(
    "A file with that user's password. Copied into the state directory (0600)",
  ),
  CAIRN_IMAGE_QUOTA_MIB: none(
    text(
      'must be a whole number of MiB, or -1 for no limit',
      (given) => /^(-1|\d{1,10})$/.test(given) && Number(given) <= 2 ** 32,
    ),
  ).describe('What the images of a project may take together, in MiB: 102400 unless given; -1 is no limit. Remembered'),
  CAIRN_POLICY_FILE: none(path()).describe(`Absolute path of a [policy file](#policy). ${KEPT}`),
  CAIRN_SETTINGS_FILE: none(path()).describe(
    `Absolute path of a JSON file with [settings that have no variable](#fields-of-the-files-that-up-writes). ${KEPT}`,
  ),
  CAIRN_NODE_FLAGS: none(text('must be flags that begin with --', (given) => /^(\s*--\S+)+\s*$/.test(given))).describe(
    'Flags of Node.js for each process, as `--cpu-prof`',
  ),
  CAIRN_EVENTSTORE_URL: none(connection()).describe(
    'Connection string (`esdb://…`) of an EventStoreDB, instead of the embedded store. Remembered',
  ),
  CAIRN_EVENTSTORE_USER: none(text()).describe('Its user, where the connection string has none. Remembered'),
  CAIRN_EVENTSTORE_PASSWORD_FILE: none(path()).describe(
    "A file (0600) with that user's password. Copied into the state directory (0600)",
  ),
  CAIRN_EVENTSTORE_ADMIN: none(text()).describe(
    'An administrator of that server, for access lists and the users of enrolled hosts. Remembered; set it to nothing to take it back',
  ),
  CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE: none(path()).describe(
    "A file (0600) with the administrator's password. Copied into the state directory (0600)",
  ),
  CAIRN_EVENTSTORE_SECURE: none(text('must be yes or no', (given) => /^(yes|no)$/.test(given))).describe(
    '`yes`: each `up` [closes the log](#access-to-the-log) to other users of that server. Remembered',
  ),
  CAIRN_HOSTS_EVENTSTORE_URL: none(connection()).describe(
    'Where hosts on other machines reach that server, and by which authority (`tlsCAFile`), if not as this one does. Remembered; set it to nothing to take it back',
  ),
  EVENTSTORE_URL: none(connection()).describe('Former name of `CAIRN_EVENTSTORE_URL`: EventStoreDB itself refuses it'),
};

/** Everything that `./cairn` takes from its environment. */
export const launcherSettings = z.object(shape).superRefine((settings, context) => {
  const taken = new Map<string, string>();
  for (const name of Object.keys(PORTS) as (keyof typeof PORTS)[]) {
    const other = taken.get(settings[name]);
    if (other !== undefined) refuse(context, [name], `is ${settings[name]}, the port of ${other}`);
    taken.set(settings[name], name);
  }
});

/** What is wrong with the settings on a machine that has these addresses. */
export function strangeAddresses(
  settings: z.output<typeof launcherSettings>,
  own: readonly string[],
): readonly string[] {
  const { CAIRN_BIND: bind, CAIRN_HOSTS_ADDRESS: hosts } = settings;
  const isHere = (address: string): boolean => /^(127\.|0\.0\.0\.0$|::1?$)/.test(address) || own.includes(address);
  return [
    ...(isHere(bind)
      ? []
      : [`CAIRN_BIND is "${bind}": it must be an address of this machine, or 0.0.0.0 or :: for all of them.`]),
    ...(!hosts || isHere(hosts) ? [] : [`CAIRN_HOSTS_ADDRESS is "${hosts}": it must be an address of this machine.`]),
  ];
}

/** Secrets among them: no message shows their values. */
export const SECRET_SETTINGS: readonly string[] = [
  'CAIRN_MASTER_KEY',
  'CAIRN_DATABASE_URL',
  'CAIRN_EVENTSTORE_URL',
  'CAIRN_HOSTS_EVENTSTORE_URL',
  'EVENTSTORE_URL',
];

/** What tests, benchmarks and the guest image's recipe take from the environment besides. */
const OTHERS =
  /^CAIRN_(TEST_\w+|KEEP|WRITE_DOCS|CONTRACT_URL|BENCH_\w+|OPENSTACK_BENCH|GUEST_ROOT_MIB|ALLOW_FAULTS|AT_REST_EVERY_MS|NOTICES)$/;

/** Names that begin as ours do and that nothing reads, probably by a typing error. */
export const unknownSettings = (names: readonly string[]): readonly string[] =>
  names.filter((name) => name.startsWith('CAIRN_') && !Object.hasOwn(shape, name) && !OTHERS.test(name));

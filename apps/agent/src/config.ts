import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import {
  ConfigError,
  fields,
  flag,
  integer,
  ipAddress,
  list,
  number,
  oneOf,
  optional,
  parsed,
  port,
  refuse,
  service,
  text,
  url,
  uuid,
} from '@cairn/config';
import { connectionFault, isSecure, parsedConnection } from '@cairn/event-store';
import type { z } from 'zod';

import { METADATA_PROXY_PORT } from './ports/host-network.port';
import { messageOf } from './unknown-error';

const simulated = fields({
  vcpus: integer(1).default(16).describe('Processors'),
  ramMb: integer(1).default(65_536).describe('Memory, MiB'),
  diskGb: integer(1).default(1_000).describe('Disk, GiB'),
  persist: flag()
    .default(true)
    .describe('Keeps the simulated machines in files of the state folder, so that they survive the process'),
  latencyFactor: number(0).default(1).describe('How long things take, relative to the defaults: 0 is at once'),
}).describe('Size of each simulated host; libvirt hosts are measured');

const URL_END = /\/+$/;

const address = (fallback: string, ...protocols: readonly string[]): z.ZodPrefault<z.ZodType<string, string>> =>
  url(...protocols)
    .transform((given) => given.replace(URL_END, ''))
    .prefault(fallback);

/** How what guests are, and what they should be, come together again. */
const guests = {
  syncPowerStateSeconds: integer(0, 86_400)
    .default(60)
    .describe(
      "How often to compare the guests with what their servers should be, besides when the hypervisor tells of a change (nova's `sync_power_state_interval`); 0: never",
    ),
  handleVirtLifecycleEvents: flag()
    .default(true)
    .describe(
      'Whether to follow what the hypervisor tells of its guests at once (nova: `handle_virt_lifecycle_events`); false: only every `syncPowerStateSeconds`',
    ),
  resumeGuestsStateOnHostBoot: flag()
    .default(true)
    .describe(
      'Whether guests that ran when the host went down run again when it is up (nova: `resume_guests_state_on_host_boot`, there `False`); false: their servers are stopped',
    ),
  networkCheckSeconds: integer(0, 3_600)
    .default(20)
    .describe(
      "How often to compare the host's network with what the host was told, and to mend what differs; 0: never",
    ),
  runningDeletedInstanceAction: oneOf('reap', 'log', 'noop')
    .default('reap')
    .describe(
      'What becomes of a guest on this host whose server is deleted: it is removed, reported, or neither (nova: `running_deleted_instance_action`)',
    ),
  runningDeletedInstancePollSeconds: integer(0, 86_400)
    .default(1_800)
    .describe(
      'How often to look for such guests after the start (nova: `running_deleted_instance_poll_interval`); 0: never',
    ),
};

/** How this host makes networks. */
const networking = {
  bridgeInterface: optional(text()).describe(
    'Joins bridges with those of other hosts in the place of the interface that a network names, on a host whose own has another name',
  ),
  flatInjected: flag()
    .default(false)
    .describe(
      'Whether new servers find the addresses that no DHCP server gives them in `/etc/network/interfaces` of their disk, if that has a clean ext file system (nova: `flat_injected`); the agent then has tools of the host read file systems that tenants made',
    ),
  vlans: flag()
    .default(false)
    .describe(
      'Whether networks are [VLANs](#vlan-networks): without 802.1Q in the kernel of this host the agent does not start',
    ),
};

/** What the dnsmasq of each network is told. @param file a path, from the folder of the configuration */
const names = (file: () => z.ZodType<string, string>) => ({
  nameServers: list(ipAddress())
    .default([])
    .describe(
      "Whom the dnsmasq of each network asks for names that it does not know itself (nova: `dns_server`); none: the machine's resolvers",
    ),
  dnsmasqConfigFile: optional(file()).describe(
    'Further settings for the dnsmasq of each network, in its own words (nova: `dnsmasq_config_file`); it reads them when it starts',
  ),
});

const settingsIn = (folder: string) => {
  const file = (): z.ZodType<string, string> => text().transform((path) => resolve(folder, path));
  const host = fields({
    hostId: uuid().describe('Id of the host in the log'),
    name: text('must be a host name', (given) => /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(given)).describe(
      'Its name in the APIs',
    ),
    tokenFile: file().describe("With the host's bearer token for the controller"),
    hostIp: text().default('127.0.0.1').describe('Address under which other hosts reach this one'),
  });
  const tls = fields({
    authorityFile: file().describe('The only authority that controller, store and queue are believed by'),
    certificateFile: optional(file()).describe('What this host shows to the controller, on another machine than it'),
    keyFile: optional(file()).describe('The key of that certificate'),
  })
    .superRefine(({ certificateFile, keyFile }, context) => {
      if ((certificateFile === null) !== (keyFile === null))
        refuse(context, ['keyFile'], 'and certificateFile go together');
    })
    .transform(({ authorityFile, certificateFile, keyFile }) => ({
      authorityFile,
      own: certificateFile === null || keyFile === null ? null : { certificateFile, keyFile },
    }));
  return fields({
    stateDir: file().describe('Folder of journal, images and disks'),
    hosts: list(host)
      .min(1, { error: 'must be a list of at least one host' })
      .describe('The hosts that this process runs; one with libvirt'),
    controllerUrl: address('http://127.0.0.1:8775', 'http:', 'https:').describe('Port of the controller for hosts'),
    redisUrl: address('redis://127.0.0.1:6379', 'redis:', 'rediss:').describe('The queue, without a password'),
    redisPasswordFile: optional(file()).describe("With the queue's password"),
    redisUser: optional(text()).describe("Not given: Redis' default user"),
    eventStoreUrl: text()
      .default('esdb://127.0.0.1:2113?tls=false')
      .describe('The log: a connection string of EventStoreDB, without user and password'),
    eventStoreLogin: optional(
      fields({ user: text().describe('Its user of the store'), passwordFile: file().describe('With its password') }),
    ).describe('Not given: a store without users, on this machine'),
    eventStoreOwners: list(text())
      .default([])
      .describe(
        'Users and groups that the stream of a new host is for; none: those in the default access lists of the server',
      ),
    tls: optional(tls).describe('Not given: everything is on this machine and in clear'),
    firewallDriver: oneOf('nftables', 'noop')
      .default('nftables')
      .describe(
        'What security groups filter the traffic of guests with (nova: `firewall_driver`); noop: nothing is filtered, whatever groups say, and only forged addresses are dropped',
      ),
    ...networking,
    ...names(file),
    driver: oneOf('libvirt', 'simulated').default('libvirt').describe('What runs the guests'),
    simulated: simulated.prefault({}),
    ...guests,
    imageCacheLimitGb: number(0).default(50).describe('Images that are kept for the next launch, GB'),
    guestsMayReach: list(service())
      .default([])
      .describe(
        'Services as `192.0.2.1:5000` that [guests reach](#what-guests-reach) although they are of their host, or the store, the queue or the port for hosts',
      ),
    metadataPort: port(1)
      .default(METADATA_PROXY_PORT)
      .describe("Port of the metadata proxy on each network's gateway address"),
  });
};

export type AgentConfig = z.output<ReturnType<typeof settingsIn>>;
export type HostConfig = AgentConfig['hosts'][number];
export type TlsConfig = NonNullable<AgentConfig['tls']>;
export type SimulatedConfig = AgentConfig['simulated'];

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/**
 * Anyone on the path to another machine could read and forge everything without TLS: only an enrolled agent goes there. One
 * beside its controller goes to the log that its controller has.
 */
function checkTogether(config: AgentConfig, context: z.core.$RefinementCtx): void {
  const { hosts, redisUrl, controllerUrl, eventStoreUrl, eventStoreLogin, tls, driver } = config;
  if (new Set(hosts.map(({ hostId }) => hostId)).size < hosts.length) refuse(context, ['hosts'], 'name a hostId twice');
  if (driver === 'libvirt' && hosts.length > 1) refuse(context, ['hosts'], 'must be one with the libvirt driver');
  if (new URL(redisUrl).password !== '')
    refuse(context, ['redisUrl'], 'must not hold a password: redisPasswordFile names a file with it');
  const fault = connectionFault(eventStoreUrl);
  if (fault !== undefined) {
    refuse(context, ['eventStoreUrl'], fault);
    return;
  }
  const log = parsedConnection(eventStoreUrl);
  const isBesideController = isHere(hostOf(controllerUrl));
  const ways = [
    ['controllerUrl', isBesideController, controllerUrl.startsWith('https:')],
    ['redisUrl', isHere(hostOf(redisUrl)), redisUrl.startsWith('rediss:')],
    [
      'eventStoreUrl',
      isBesideController || log.hosts.every(({ address }) => isHere(address)),
      eventStoreLogin !== null && isSecure(log),
    ],
  ] as const;
  for (const [name, isLocal, isProtected] of ways) {
    if (isLocal || (isProtected && tls?.own)) continue;
    const how = './cairn host enroll NAME on the controller, ./cairn host join here';
    refuse(context, [name], `is on another machine: this host must be enrolled first (${how})`);
  }
}

const hostOf = (address: string): string => new URL(address).hostname;
const isHere = (host: string): boolean => LOOPBACK.test(host);

/** @param folder what relative paths are relative to. */
export const agentSettings = (folder: string): z.ZodType<AgentConfig> => settingsIn(folder).superRefine(checkTogether);

/** @param folder what relative paths are relative to. @throws ConfigError that names each wrong setting */
export const parseConfig = (value: unknown, folder: string): AgentConfig => parsed(agentSettings(folder), value);

/** @throws ConfigError with the file's name. */
export async function readConfig(file: string): Promise<AgentConfig> {
  try {
    return parseConfig(JSON.parse(await readFile(file, 'utf8')), dirname(resolve(file)));
  } catch (error) {
    throw new ConfigError(`${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A secret from its file, without the newline that editors put behind it. @throws ConfigError */
export async function readSecret(file: string): Promise<string> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret !== '') return secret;
  } catch (error) {
    throw new ConfigError(`${file} cannot be read`, { cause: error });
  }
  throw new ConfigError(`${file} is empty`);
}
